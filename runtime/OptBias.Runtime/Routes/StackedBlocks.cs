using OptBias.LinearAlgebra;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>
/// Vector or matrix blocks of one shape on a device, of whatever parameters: their factors and roots lie one behind the other in
/// memory, [blocks, n, n], so that one product works on all of them. The blocks' own tensors are views of that.
/// </summary>
internal sealed class StackedBlocks : IDisposable
{
    private readonly KroneckerBlock[] blocks;

    private StackedBlocks(KroneckerBlock[] blocks)
    {
        this.blocks = blocks;
        var order = blocks[0].Lengths.Count;
        (this.Factors, this.Roots) = (new Tensor[order], new Tensor[order]);
        using var noGradient = AutogradOff.Enter();
        for (var k = 0; k < order; k++)
        {
            this.Factors[k] = Stack(block => ref block.Factors[k]);
            this.Roots[k] = Stack(block => ref block.Roots[k]);
        }

        foreach (var block in blocks)
        {
            block.Stack?.Dispose();
            block.Stack = this;
        }
    }

    private delegate ref Tensor Slot(KroneckerBlock block);

    /// <summary>For each dimension all factors.</summary>
    public Tensor[] Factors { get; }

    /// <summary>For each dimension all roots.</summary>
    public Tensor[] Roots { get; }

    /// <summary>The stack of just these blocks in this order; made if they do not lie so yet.</summary>
    public static StackedBlocks Of(IReadOnlyList<KroneckerBlock> blocks) =>
        blocks[0].Stack is { } known && known.Holds(blocks) ? known : new StackedBlocks([.. blocks]);

    /// <summary>Whether it is made of just these blocks in this order.</summary>
    public bool Holds(IReadOnlyList<KroneckerBlock> others)
    {
        if (others.Count != this.blocks.Length)
            return false;
        for (var i = 0; i < this.blocks.Length; i++)
        {
            if (!ReferenceEquals(others[i], this.blocks[i]) || !ReferenceEquals(others[i].Stack, this))
                return false;
        }

        return true;
    }

    /// <summary>The tensors of the stack alone; the blocks keep their views.</summary>
    public void Dispose()
    {
        foreach (var tensor in this.Factors.Concat(this.Roots))
            tensor.Dispose();
    }

    private Tensor Stack(Slot slot)
    {
        var whole = stack([.. this.blocks.Select(block => slot(block))]).DetachFromDisposeScope();
        for (var i = 0; i < this.blocks.Length; i++)
        {
            ref var own = ref slot(this.blocks[i]);
            own.Dispose();
            own = whole.select(0, i).DetachFromDisposeScope();
        }

        return whole;
    }
}
