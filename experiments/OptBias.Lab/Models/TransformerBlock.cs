using OptBias.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>Attention over the patches or bytes and a fully connected layer for each, both on top of a residual stream.</summary>
internal sealed class TransformerBlock : nn.Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly LayerNorm attentionNorm;
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Linear output;
    private readonly LayerNorm feedNorm;
    private readonly Linear expand;
    private readonly Linear contract;
    private readonly Tensor? mask;

    /// <param name="width">Length of the embedding.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="causalOver">Length of a sequence of which no position sees a later one; null where all see all.</param>
    public TransformerBlock(int width, int heads, int? causalOver = null)
        : base(nameof(TransformerBlock))
    {
        this.heads = heads;
        this.attentionNorm = nn.LayerNorm(width);
        // Three matrices, not one: a matrix optimizer sees a query matrix, not a stack of three different things.
        this.query = nn.Linear(width, width);
        this.key = nn.Linear(width, width);
        this.value = nn.Linear(width, width);
        this.output = nn.Linear(width, width);
        this.feedNorm = nn.LayerNorm(width);
        this.expand = nn.Linear(width, 2 * width);
        this.contract = nn.Linear(2 * width, width);
        this.RegisterComponents();
        if (causalOver is not { } length)
            return;
        // A buffer, so that it moves with the module and is no parameter.
        var hidden = new float[length * length];
        for (var i = 0; i < hidden.Length; i++)
            hidden[i] = i % length > i / length ? float.NegativeInfinity : 0;
        this.mask = tensor(hidden, [length, length]).DetachFromDisposeScope();
        this.register_buffer(nameof(this.mask), this.mask, persistent: false);
    }

    /// <summary>Tokens [n, patches, width] to tokens of the same shape.</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var x = this.attentionNorm.forward(tokens);
        var (q, k, v) = (this.Split(this.query.forward(x)), this.Split(this.key.forward(x)), this.Split(this.value.forward(x)));
        var scores = q.matmul(k.transpose(2, 3)).Over(Math.Sqrt(q.shape[3]));
        var weights = (this.mask is null ? scores : scores.Plus(this.get_buffer(nameof(this.mask))!)).softmax(3);
        var mixed = weights.matmul(v).transpose(1, 2).reshape(tokens.shape);
        var h = tokens.Plus(this.output.forward(mixed));
        var fed = this.contract.forward(nn.functional.gelu(this.expand.forward(this.feedNorm.forward(h))));
        return h.Plus(fed).MoveToOuterDisposeScope();
    }

    /// <summary>[n, patches, width] to [n, heads, patches, width / heads].</summary>
    private Tensor Split(Tensor x) => x.reshape(x.shape[0], x.shape[1], this.heads, -1).transpose(1, 2);
}
