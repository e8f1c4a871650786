using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace OptBias.LinearAlgebra;

/// <summary>What <see cref="KroneckerBatch"/> asks of each preconditioner.</summary>
public sealed partial class KroneckerPreconditioner
{
    private readonly List<int> tickets = [];
    private double lastSquares;

    /// <summary>Of each block, as the device had it before the step.</summary>
    private double[] deviceTraces = [];

    /// <summary>Roots that are computed and not yet taken over.</summary>
    private RootRefresh?[] begun = [];

    /// <summary>What the factors estimate.</summary>
    internal KroneckerStatistic Statistic => this.settings.Statistic;

    /// <summary>Whether products are queued with others', and on a device stacked.</summary>
    internal bool IsMatrixOrVector => this.Partition.Dimensions.Count <= 2;

    /// <summary>Refuses a gradient that would make a factor overflow. A factor of Gram matrices has no entry beyond its trace, and all factors of a block have the same.</summary>
    internal void RequireFiniteFactors(in KroneckerUpdate update)
    {
        this.lastSquares = update.Squares ?? this.lastSquares;
        if (this.settings.Statistic != KroneckerStatistic.Shampoo || IsHarmless(update))
            return;
        for (var i = 0; i < this.blocks.Length; i++)
        {
            var trace = update.Waits ? this.deviceTraces[i] : this.blocks[i].Trace(0);
            if (!double.IsFinite((update.Decay * trace) + (update.Weight * this.lastSquares)))
                throw this.Overflow(this.blocks[i]);
        }
    }

    /// <summary>Whether it is known already that no factor overflows.</summary>
    internal static bool IsHarmless(in KroneckerUpdate update) => update.Squares < HarmlessSquares;

    /// <summary>Asks for what <see cref="RequireFiniteFactors"/> wants to know, without waiting for the device.</summary>
    private void DeferChecks(Tensor gradient, DeferredChecks checks)
    {
        var numbers = new Tensor[1 + (this.settings.Statistic == KroneckerStatistic.Shampoo ? this.blocks.Length : 0)];
        numbers[0] = Arguments.Squares(gradient, ScalarType.Float64);
        for (var i = 1; i < numbers.Length; i++)
            numbers[i] = this.blocks[i - 1].DeviceTrace(0);
        checks.Add(values => this.Judge(gradient, values), numbers);
    }

    private void Judge(Tensor gradient, ReadOnlySpan<double> numbers)
    {
        if (!double.IsFinite(numbers[0]))
            throw this.NotFinite(gradient);
        this.lastSquares = numbers[0];
        this.deviceTraces = numbers[1..].ToArray();
    }

    /// <summary>Begins anew with what <see cref="Judge(int, double, double)"/> tells.</summary>
    internal void ForgetNumbers()
    {
        this.lastSquares = 0;
        Array.Resize(ref this.deviceTraces, this.blocks.Length);
    }

    /// <summary>Takes note of what a device said of a block: the sum of the squares of its gradient, and the trace of its factors.</summary>
    internal void Judge(int block, double squares, double trace)
    {
        if (!double.IsFinite(squares))
            throw this.NotFinite(this.blocks[block]);
        this.lastSquares += squares;
        this.deviceTraces[block] = trace;
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

    /// <summary>Refuses factors that are not finite, where that was not known before they were accumulated.</summary>
    internal void RequireFiniteWhitened(DeferredChecks checks)
    {
        if (this.settings.Statistic == KroneckerStatistic.Shampoo)
            return;
        foreach (var block in this.blocks)
        {
            if (DeviceReads.Waits(block.Factors[0]))
                checks.Add(traces => this.RequireFinite(block, traces), [.. Enumerable.Range(0, block.Factors.Length).Select(block.DeviceTrace)]);
            else if (!block.HasFiniteFactors())
                throw this.Overflow(block);
        }
    }

    private void RequireFinite(KroneckerBlock block, ReadOnlySpan<double> traces)
    {
        foreach (var trace in traces)
        {
            if (!double.IsFinite(trace))
                throw this.Overflow(block);
        }
    }

    /// <summary>Queues the roots that the queue can compute, and computes the others; whether those are finite is seen together with others'.</summary>
    internal void AddRoots(MatrixWork work, in KroneckerUpdate update)
    {
        var queue = work.Roots;
        this.tickets.Clear();
        var request = this.Request(update);
        if (!this.IsQueued(request))
        {
            if (this.BeginRefresh(request, work.Checks))
                work.Stacks.AddRoots(this, request);
            return;
        }

        foreach (var block in this.blocks)
        {
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
            this.EndRefresh(request);
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
        this.rootEpsilon = update.Epsilon;
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
        RootQueue.IsAvailable && this.blocks.All(static block => block.Lengths.All(RootQueue.Takes)) && !DeviceReads.Waits(this.blocks[0].Factors[0]) && request.Method == RootMethod.Eigen && request.StalenessTolerance == 0
        && this.background is null && ReferenceEquals(request.Eigensolver, InverseRoot.LinalgEigh);

    private bool IsQueued(in KroneckerApplication application) =>
        this.IsMatrixOrVector && Arguments.IsDirect(application.Input, this.dtype) && Arguments.IsDirect(application.Output, this.dtype);

    /// <summary>Computes roots that no queue computes; returns whether they are left to be computed with those of other preconditioners.</summary>
    private bool BeginRefresh(in RootRequest request, DeferredChecks checks)
    {
        foreach (var refresh in this.begun)
            refresh?.Dispose();
        this.begun = new RootRefresh?[this.blocks.Length];
        foreach (var block in this.blocks)
            block.MirrorFactors();

        // The first roots are computed here and now: there is nothing to go on with until others are ready.
        if (this.background is not null && !request.First)
            return false;
        if (request.Method == RootMethod.Eigen && this.blocks[0].Bases is null && DeviceReads.Waits(this.blocks[0].Factors[0]))
            return true;
        for (var i = 0; i < this.begun.Length; i++)
            this.BeginRefresh(i, request, checks);
        return false;
    }

    /// <summary>Computes the roots of one block.</summary>
    internal void BeginRefresh(int block, in RootRequest request, DeferredChecks checks)
    {
        this.begun[block]?.Dispose();
        var sums = DeviceReads.Waits(this.blocks[block].Factors[0]) ? new List<Tensor>() : null;
        this.begun[block] = RootRefresh.Compute(this.blocks[block].Factors, this.blocks[block].Bases, request, sums);
        if (sums is { Count: > 0 })
            checks.Add(numbers => this.JudgeRefresh(block, numbers), [.. sums]);
    }

    /// <summary>Takes a root that was computed with others; <see cref="JudgeRefresh"/> is still to come.</summary>
    internal void Begin(int block, int dimension, Tensor root)
    {
        var order = this.blocks[block].Roots.Length;
        (this.begun[block] ??= new RootRefresh(new Tensor?[order], new Tensor?[order], null)).Roots[dimension] = root;
    }

    /// <summary>Turns a refresh into a failed one if the sums of its roots are not finite.</summary>
    internal void JudgeRefresh(int block, ReadOnlySpan<double> sums) => this.begun[block] = this.begun[block]!.Judged(sums);

    private void EndRefresh(in RootRequest request)
    {
        if (this.background is not null && !request.First)
        {
            this.TakeOver(this.background.Take(this.blocks));
            this.background.Start(this.blocks, request);
            return;
        }

        var refreshes = this.begun;
        this.begun = [];
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
