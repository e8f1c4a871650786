using OptBias.Kernels;
using OptBias.Lab.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>
/// A small vision transformer: 16 patches, of 7 × 7 pixels where images have 28 × 28, <c>depth</c> blocks (normalisation first, as in
/// Dosovitskiy et al. 2021), the mean over the patches as representation, a logit for each class. No dropout, so that a seed says everything. Images of any size and
/// colour: where a side is no multiple of four, background is added on the right and below.
/// </summary>
public sealed class VisionTransformer : Network
{
    /// <summary>Attention heads of every block.</summary>
    public const int Heads = 4;

    private const int Side = 4;

    private readonly (int Channels, int Rows, int Columns) patch;
    private readonly (long Right, long Below) padding;
    private readonly Linear embedding;
    private readonly Parameter position;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm normalization;
    private readonly Linear head;

    /// <summary>Makes the layers; weights are filled by <see cref="Initialization"/>.</summary>
    /// <param name="width">Length of the embedding, a multiple of <see cref="Heads"/>.</param>
    /// <param name="depth">Number of blocks.</param>
    /// <param name="images">What the images are.</param>
    public VisionTransformer(int width, int depth, ImageFormat images)
        : base(nameof(VisionTransformer))
    {
        this.patch = (images.Channels, (images.Rows + Side - 1) / Side, (images.Columns + Side - 1) / Side);
        this.padding = ((this.patch.Columns * Side) - images.Columns, (this.patch.Rows * Side) - images.Rows);
        this.embedding = nn.Linear(this.patch.Channels * this.patch.Rows * this.patch.Columns, width);
        this.register_module(nameof(this.embedding), this.embedding);
        this.position = nn.Parameter(zeros(1, Side * Side, width));
        this.register_parameter(nameof(this.position), this.position);
        this.blocks = [.. Enumerable.Range(0, depth).Select(_ => new TransformerBlock(width, Heads))];
        for (var i = 0; i < depth; i++)
            this.register_module($"block{i + 1}", this.blocks[i]);
        this.normalization = nn.LayerNorm(width);
        this.register_module(nameof(this.normalization), this.normalization);
        this.head = nn.Linear(width, images.Classes);
        this.register_module(nameof(this.head), this.head);
    }

    /// <inheritdoc />
    public override Tensor Represent(Tensor images)
    {
        using var scope = NewDisposeScope();
        var n = images.shape[0];
        var whole = this.padding == (0, 0) ? images : nn.functional.pad(images, [0, this.padding.Right, 0, this.padding.Below]);
        var patches = whole.reshape(n, this.patch.Channels, Side, this.patch.Rows, Side, this.patch.Columns).permute(0, 2, 4, 1, 3, 5).reshape(n, Side * Side, -1);
        var h = this.embedding.forward(patches).Plus(this.position);
        foreach (var block in this.blocks)
            h = block.forward(h);
        return this.normalization.forward(h).mean([1]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override Tensor Classify(Tensor representation) => this.head.forward(representation);
}
