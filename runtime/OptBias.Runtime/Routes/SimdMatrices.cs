using OptBias.LinearAlgebra;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace OptBias.Routes;

/// <summary>Vectors and matrices on the CPU: their products and roots share the threads, and nothing is allocated.</summary>
internal sealed unsafe class SimdMatrices : IMatrixRoute
{
    /// <summary>Working memory from which on what has been collected is carried out before more is added.</summary>
    private const long LargestBatch = 64L << 20;

    private readonly GemmQueue products = new();
    private readonly RootQueue roots = new();
    private readonly Arena memory = new();
    private readonly List<(KroneckerBlock Block, RootRequest Request)> refreshes = [];
    private readonly List<Multiplication> multiplications = [];
    private readonly List<NewtonSchulzIteration> iterations = [];

    /// <summary>Copies the lower triangle of a symmetric matrix over the upper one, where only the lower one is computed: here.</summary>
    public static void CompleteTriangles(ReadOnlySpan<Tensor> symmetric)
    {
        foreach (var matrix in symmetric)
        {
            if (RouteOf.Of(matrix) == Route.Simd)
                Triangle.Mirror((double*)TorchNative.Data(matrix.Handle), matrix.size(0));
        }
    }

    /// <inheritdoc/>
    public bool Accumulate(in FactorUpdate item)
    {
        if (item.Statistic != KroneckerStatistic.Shampoo || !item.Blocks[0].IsMatrixOrVector)
            return false;
        var gradient = TorchNative.Data(item.Gradient.Handle);
        var wide = item.Gradient.dtype == ScalarType.Float64 ? gradient : this.Widen((float*)gradient, item.Gradient.NumberOfElements);
        for (var i = 0; i < item.Blocks.Count; i++)
        {
            var block = item.Blocks[i];
            var (rows, columns, x) = Place(block, item.Gradient, wide, sizeof(double));
            var stride = block.In(item.Gradient).Stride;
            this.products.AddSymmetric(false, rows, columns, item.Weight, x, stride, item.Decay, TorchNative.Data(block.Factors[0].Handle), rows, isDouble: true);
            if (block.Lengths.Count == 2)
                this.products.AddSymmetric(true, columns, rows, item.Weight, x, stride, item.Decay, TorchNative.Data(block.Factors[1].Handle), columns, isDouble: true);
        }

        if (this.memory.Used > LargestBatch)
            this.RunProducts();
        return true;
    }

    /// <inheritdoc/>
    public bool Decompose(KroneckerBlock block, in RootRequest request)
    {
        if (!RootQueue.IsAvailable || !block.Lengths.All(RootQueue.Takes) || request.Method != RootMethod.Eigen || request.StalenessTolerance > 0
            || block.NextRoots is not null || !ReferenceEquals(request.Eigensolver, InverseRoot.LinalgEigh))
            return false;
        this.refreshes.Add((block, request));
        return true;
    }

    /// <inheritdoc/>
    public bool Multiply(in Multiplication item)
    {
        if (!item.Blocks[0].IsMatrixOrVector)
            return false;
        this.multiplications.Add(item);
        return true;
    }

    /// <summary>Rotations are products one by one, which share the threads in panels.</summary>
    public bool Rotate(in Rotation item) => false;

    /// <inheritdoc cref="Rotate"/>
    public bool Follow(in BasisUpdate item) => false;

    /// <inheritdoc/>
    public bool Orthogonalize(in Orthogonalization item)
    {
        this.iterations.Add(new NewtonSchulzIteration(item));
        return true;
    }

    /// <inheritdoc/>
    public void Run(MatrixRoutes routes)
    {
        this.RunProducts();
        this.RunRoots(routes);
        this.RunMultiplications();
        NewtonSchulzIteration.Run(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(this.iterations), this.memory, this.products, LargestBatch);
        this.Clear();
    }

    /// <inheritdoc/>
    public void Clear()
    {
        this.products.Clear();
        this.roots.Clear();
        this.memory.Reset();
        this.refreshes.Clear();
        this.multiplications.Clear();
        this.iterations.Clear();
    }

    public void Dispose()
    {
        this.products.Dispose();
        this.roots.Dispose();
        this.memory.Dispose();
    }

    /// <summary>Rows and columns of a block, and where it begins in the numbers of its parameter.</summary>
    private static (long Rows, long Columns, nint First) Place(KroneckerBlock block, Tensor tensor, nint data, int size)
    {
        var place = block.In(tensor);
        return (place.Rows, place.Columns, data + (nint)(place.Offset * size));
    }

    private void RunProducts()
    {
        this.products.Run();
        this.memory.Reset();
    }

    /// <summary>All roots of a block or none: they are computed beside the old ones, as many at once as there is working memory for.</summary>
    private void RunRoots(MatrixRoutes routes)
    {
        for (var start = 0; start < this.refreshes.Count;)
        {
            var end = start;
            while (end < this.refreshes.Count && this.roots.Bytes <= LargestBatch)
                this.AddRoots(this.refreshes[end++]);
            this.roots.Run();
            for (var (i, ticket) = (start, 0); i < end; ticket += this.refreshes[i++].Block.Factors.Length)
                this.DeliverRoots(this.refreshes[i], ticket, routes);
            this.roots.Clear();
            start = end;
        }
    }

    private void AddRoots(in (KroneckerBlock Block, RootRequest Request) refresh)
    {
        var (block, request) = refresh;
        for (var k = 0; k < block.Factors.Length; k++)
            this.roots.Add(block.Factors[k], block.Roots[k], block.Lengths[k], request);
    }

    private void DeliverRoots(in (KroneckerBlock Block, RootRequest Request) refresh, int ticket, MatrixRoutes routes)
    {
        var (block, request) = refresh;
        var failed = false;
        for (var k = 0; k < block.Factors.Length; k++)
            failed |= this.roots.Failed(ticket + k);
        if (failed)
        {
            // Tried again by way of libtorch, which knows a second attempt; what it says is final.
            routes.DecomposeAlone(block, request);
            return;
        }

        for (var k = 0; k < block.Factors.Length; k++)
            this.roots.Deliver(ticket + k);
        block.Refresh = RootRefresh.InPlace;
    }

    /// <summary>All products from the right, then all from the left.</summary>
    private void RunMultiplications()
    {
        for (var start = 0; start < this.multiplications.Count;)
        {
            this.memory.Reset();
            var end = start;
            while (end < this.multiplications.Count && this.memory.Used <= LargestBatch)
                this.AddRightProducts(this.multiplications[end++]);
            this.RunProducts();
            for (var i = start; i < end; i++)
                this.AddLeftProducts(this.multiplications[i]);
            this.RunProducts();
            start = end;
        }
    }

    /// <summary>Into working memory, block after block without gaps; the left products take the same pieces of it again, in the same order.</summary>
    private void AddRightProducts(in Multiplication item)
    {
        var (size, data, elements) = ((int)item.Input.ElementSize, TorchNative.Data(item.Input.Handle), item.Input.NumberOfElements);
        var between = this.memory.Take(elements * size);
        if (item.Blocks[0].Lengths.Count == 1)
        {
            // The result may take the place of the input.
            Buffer.MemoryCopy((void*)data, (void*)between, elements * size, elements * size);
            return;
        }

        for (var i = 0; i < item.Blocks.Count; i++)
        {
            var block = item.Blocks[i];
            var (rows, columns, x) = Place(block, item.Input, data, size);
            this.products.Add(false, false, rows, columns, columns, 1, x, block.In(item.Input).Stride, TorchNative.Data(block.Roots[1].Handle), columns, 0, between, columns, size == sizeof(double));
            between += (nint)(block.Elements * size);
        }
    }

    private void AddLeftProducts(in Multiplication item)
    {
        var (size, data) = ((int)item.Output.ElementSize, TorchNative.Data(item.Output.Handle));
        var between = this.memory.Take(item.Output.NumberOfElements * size);
        for (var i = 0; i < item.Blocks.Count; i++)
        {
            var block = item.Blocks[i];
            var (rows, columns, y) = Place(block, item.Output, data, size);
            this.products.Add(false, false, rows, columns, rows, 1, TorchNative.Data(block.Roots[0].Handle), rows, between, columns, 0, y, block.In(item.Output).Stride, size == sizeof(double));
            between += (nint)(block.Elements * size);
        }
    }

    private nint Widen(float* gradient, long elements)
    {
        var wide = (double*)this.memory.Take(elements * sizeof(double));
        const int Chunk = 1 << 28;
        for (var start = 0L; start < elements; start += Chunk)
        {
            var count = (int)Math.Min(Chunk, elements - start);
            TensorPrimitives.ConvertTruncating(new ReadOnlySpan<float>(gradient + start, count), new Span<double>(wide + start, count));
        }

        return (nint)wide;
    }
}
