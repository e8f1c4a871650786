using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace OptBias.LinearAlgebra;

/// <summary>What <see cref="KroneckerBatch"/> asks of each preconditioner.</summary>
public sealed partial class KroneckerPreconditioner
{
    private readonly List<int> tickets = [];
    private double lastSquares;

    /// <summary>Whether one more failed refresh is an error.</summary>
    internal bool MayFail
    {
        get
        {
            foreach (var block in this.blocks)
            {
                if (block.Failures >= MaxFailures)
                    return true;
            }

            // What whitening makes of a gradient has no bound that is known beforehand.
            return this.settings.Statistic != KroneckerStatistic.Shampoo && this.lastSquares > 1e150;
        }
    }

    private bool IsMatrixOrVector => this.Partition.Dimensions.Count <= 2;

    /// <summary>Refuses a gradient that would make a factor overflow. A factor of Gram matrices has no entry beyond its trace, and all factors of a block have the same.</summary>
    internal void RequireFiniteFactors(in KroneckerUpdate update)
    {
        this.lastSquares = update.Squares;
        if (this.settings.Statistic != KroneckerStatistic.Shampoo)
            return;
        foreach (var block in this.blocks)
        {
            if (!double.IsFinite((update.Decay * block.Trace(0)) + (update.Weight * update.Squares)))
                throw this.Overflow(block);
        }
    }

    /// <summary>Queues the accumulation of the factors, or does it.</summary>
    internal unsafe void AddStatistics(MatrixWork work, in KroneckerUpdate update)
    {
        var gradient = update.Gradient;
        var isWide = Arguments.IsDirect(gradient, ScalarType.Float64);
        if (this.IsMatrixOrVector && this.settings.Statistic == KroneckerStatistic.Shampoo && (isWide || Arguments.IsDirect(gradient, ScalarType.Float32)))
        {
            var wide = isWide ? NativeBlas.Data(gradient) : Widen((float*)NativeBlas.Data(gradient), work.Memory);
            foreach (var block in this.blocks)
                block.AddStatistics(work.Products, wide, update.Decay, update.Weight);
            return;
        }

        var narrow = Arguments.Read(gradient, this.elements, this.dtype, this.device, this.name);
        var own = Arguments.Read(gradient, this.elements, ScalarType.Float64, this.device, this.name, slot: Scratch.Slot.Wide);
        foreach (var block in this.blocks)
            block.Accumulate(narrow, own, this.settings.Statistic, update.Decay, update.Weight);
    }

    /// <summary>Queues the roots that the queue can compute.</summary>
    internal void AddRoots(RootQueue queue, in KroneckerUpdate update)
    {
        this.tickets.Clear();
        var request = this.Request(update);
        foreach (var block in this.blocks)
        {
            if (this.settings.Statistic != KroneckerStatistic.Shampoo && !block.HasFiniteFactors())
                throw this.Overflow(block);
            if (!this.IsQueued(request))
                continue;
            for (var k = 0; k < block.Factors.Length; k++)
                this.tickets.Add(queue.Add(block.Factors[k], block.Roots[k], block.Lengths[k], request));
        }
    }

    /// <summary>Takes over what the queue has computed, and computes the rest.</summary>
    /// <exception cref="PreconditionerException">A block failed too often in a row.</exception>
    internal void FinishRefresh(RootQueue queue, in KroneckerUpdate update)
    {
        var request = this.Request(update);
        if (this.tickets.Count == 0)
        {
            this.RefreshBySelf(request);
        }
        else
        {
            var ticket = 0;
            foreach (var block in this.blocks)
            {
                var failed = false;
                for (var k = 0; k < block.Factors.Length; k++)
                    failed |= queue.Failed(this.tickets[ticket++]);
                if (failed)
                    this.RefreshAgain(block, request);
                else
                    block.Failures = 0;
            }
        }

        this.LastRefresh = update.Step;
    }

    /// <summary>Queues the products from the right; what cannot be queued is done as a whole.</summary>
    internal unsafe void AddRightProducts(MatrixWork work, in KroneckerApplication application)
    {
        var (input, output) = (application.Input, application.Output);
        if (!this.IsQueued(application))
        {
            var u = Arguments.Read(input, this.elements, this.dtype, this.device, this.name, copy: input.Handle == output.Handle);
            var result = Arguments.Target(output, this.elements, this.dtype, this.device, this.name);
            foreach (var block in this.blocks)
                block.Apply(u, result);
            Arguments.Deliver(result, output);
            return;
        }

        // Block after block without gaps. The same pieces of memory are taken again, in the same order, by the left products.
        var isDouble = this.dtype == ScalarType.Float64;
        var (size, data) = (isDouble ? sizeof(double) : sizeof(float), NativeBlas.Data(input));
        var between = work.Memory.Take(this.elements * size);
        if (this.Partition.Dimensions.Count == 1)
        {
            // The result may take the place of the input.
            Buffer.MemoryCopy((void*)data, (void*)between, this.elements * size, this.elements * size);
            return;
        }

        foreach (var block in this.blocks)
        {
            block.AddRightProduct(work.Products, data, between, isDouble);
            between += (nint)(block.Elements * size);
        }
    }

    /// <summary>Queues the products from the left.</summary>
    internal void AddLeftProducts(MatrixWork work, in KroneckerApplication application)
    {
        if (!this.IsQueued(application))
            return;
        var isDouble = this.dtype == ScalarType.Float64;
        var (size, data) = (isDouble ? sizeof(double) : sizeof(float), NativeBlas.Data(application.Output));
        var between = work.Memory.Take(this.elements * size);
        foreach (var block in this.blocks)
        {
            block.AddLeftProduct(work.Products, between, data, isDouble);
            between += (nint)(block.Elements * size);
        }
    }

    private unsafe nint Widen(float* gradient, Arena memory)
    {
        var wide = (double*)memory.Take(this.elements * sizeof(double));
        const int Chunk = 1 << 28;
        for (var start = 0L; start < this.elements; start += Chunk)
        {
            var count = (int)Math.Min(Chunk, this.elements - start);
            TensorPrimitives.ConvertTruncating(new ReadOnlySpan<float>(gradient + start, count), new Span<double>(wide + start, count));
        }

        return (nint)wide;
    }

    private RootRequest Request(in KroneckerUpdate update) =>
        new(this.exponent, update.Epsilon, update.Scale, this.settings.Root, this.settings.StalenessTolerance, this.LastRefresh == 0, this.Eigensolver);

    private bool IsQueued(in RootRequest request) =>
        RootQueue.IsAvailable && this.device.type == DeviceType.CPU && request.Method == RootMethod.Eigen && request.StalenessTolerance == 0
        && this.background is null && ReferenceEquals(request.Eigensolver, InverseRoot.LinalgEigh);

    private bool IsQueued(in KroneckerApplication application) =>
        this.IsMatrixOrVector && Arguments.IsDirect(application.Input, this.dtype) && Arguments.IsDirect(application.Output, this.dtype);

    private void RefreshBySelf(in RootRequest request)
    {
        foreach (var block in this.blocks)
            block.MirrorFactors();

        // The first roots are computed here and now: there is nothing to go on with until others are ready.
        if (this.background is not null && !request.First)
        {
            this.TakeOver(this.background.Take(this.blocks));
            this.background.Start(this.blocks, request);
            return;
        }

        var refreshes = new RootRefresh?[this.blocks.Length];
        for (var i = 0; i < refreshes.Length; i++)
            refreshes[i] = RootRefresh.Compute(this.blocks[i].Factors, this.blocks[i].Bases, request);
        this.TakeOverAndDispose(refreshes);
    }

    /// <summary>A decomposition that failed is tried again by way of libtorch, which knows a second attempt; what it says is final.</summary>
    private void RefreshAgain(KroneckerBlock block, in RootRequest request)
    {
        block.MirrorFactors();
        var refreshes = new RootRefresh?[this.blocks.Length];
        refreshes[Array.IndexOf(this.blocks, block)] = RootRefresh.Compute(block.Factors, block.Bases, request);
        this.TakeOverAndDispose(refreshes);
    }

    private void TakeOverAndDispose(RootRefresh?[] refreshes)
    {
        try
        {
            this.TakeOver(refreshes);
        }
        finally
        {
            foreach (var refresh in refreshes)
                refresh?.Dispose();
        }
    }

    private PreconditionerException Overflow(KroneckerBlock block) =>
        new(this.name, block.Place.ToString(), "a factor would not be finite any more: its gradients were too large. Lower the learning rate or clip the gradient.");
}
