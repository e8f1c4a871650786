using OptBias.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>
/// A small vision transformer: 16 patches of 7 × 7 pixels, <c>depth</c> blocks (normalisation first, as in
/// Dosovitskiy et al. 2021), the mean over the patches as representation, ten logits. No dropout, so that a seed says everything.
/// </summary>
public sealed class VisionTransformer : Network
{
    /// <summary>Attention heads of every block.</summary>
    public const int Heads = 4;

    private const int Patch = 7;
    private const int Patches = 28 / Patch * (28 / Patch);

    private readonly Linear embedding;
    private readonly Parameter position;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm normalization;
    private readonly Linear head;

    /// <summary>Makes the layers; weights are filled by <see cref="Initialization"/>.</summary>
    /// <param name="width">Length of the embedding, a multiple of <see cref="Heads"/>.</param>
    /// <param name="depth">Number of blocks.</param>
    public VisionTransformer(int width, int depth)
        : base(nameof(VisionTransformer))
    {
        this.embedding = nn.Linear(Patch * Patch, width);
        this.register_module(nameof(this.embedding), this.embedding);
        this.position = nn.Parameter(zeros(1, Patches, width));
        this.register_parameter(nameof(this.position), this.position);
        this.blocks = [.. Enumerable.Range(0, depth).Select(_ => new TransformerBlock(width, Heads))];
        for (var i = 0; i < depth; i++)
            this.register_module($"block{i + 1}", this.blocks[i]);
        this.normalization = nn.LayerNorm(width);
        this.register_module(nameof(this.normalization), this.normalization);
        this.head = nn.Linear(width, 10);
        this.register_module(nameof(this.head), this.head);
    }

    /// <inheritdoc />
    public override Tensor Represent(Tensor images)
    {
        using var scope = NewDisposeScope();
        var n = images.shape[0];
        const int Side = 28 / Patch;
        var patches = images.reshape(n, Side, Patch, Side, Patch).permute(0, 1, 3, 2, 4).reshape(n, Patches, Patch * Patch);
        var h = this.embedding.forward(patches).Plus(this.position);
        foreach (var block in this.blocks)
            h = block.forward(h);
        return this.normalization.forward(h).mean([1]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override Tensor Classify(Tensor representation) => this.head.forward(representation);
}
