using OptBias.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>
/// A small causal transformer on bytes (Radford et al. 2019, normalisation first): every position predicts the next byte from itself and
/// those before it. The input is int64 [n, <see cref="Context"/>]; representation and logits have a row for each position of each window.
/// </summary>
public sealed class ByteTransformer : Network
{
    /// <summary>Bytes in a window.</summary>
    public const int Context = 64;

    /// <summary>Attention heads of every block.</summary>
    public const int Heads = 4;

    private const int Bytes = 256;

    private readonly Embedding embedding;
    private readonly Parameter position;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm normalization;
    private readonly Linear head;

    /// <summary>Makes the layers; weights are filled by <see cref="Initialization"/>.</summary>
    /// <param name="width">Length of the embedding, a multiple of <see cref="Heads"/>.</param>
    /// <param name="depth">Number of blocks.</param>
    public ByteTransformer(int width, int depth)
        : base(nameof(ByteTransformer))
    {
        this.embedding = nn.Embedding(Bytes, width);
        this.register_module(nameof(this.embedding), this.embedding);
        this.position = nn.Parameter(zeros(1, Context, width));
        this.register_parameter(nameof(this.position), this.position);
        this.blocks = [.. Enumerable.Range(0, depth).Select(_ => new TransformerBlock(width, Heads, causalOver: Context))];
        for (var i = 0; i < depth; i++)
            this.register_module($"block{i + 1}", this.blocks[i]);
        this.normalization = nn.LayerNorm(width);
        this.register_module(nameof(this.normalization), this.normalization);
        this.head = nn.Linear(width, Bytes);
        this.register_module(nameof(this.head), this.head);
    }

    /// <summary>The last layer's activity [n · context, width] for windows [n, context].</summary>
    public override Tensor Represent(Tensor images)
    {
        using var scope = NewDisposeScope();
        var h = this.embedding.forward(images).Plus(this.position);
        foreach (var block in this.blocks)
            h = block.forward(h);
        return this.normalization.forward(h).flatten(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Logits [n · context, 256] of the next byte.</summary>
    public override Tensor Classify(Tensor representation) => this.head.forward(representation);
}
