using OptBias.LinearAlgebra;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>
/// Newton-Schulz iterations of a matrix on the CPU, in step with those of others. Symmetric products (A and A²) are computed as triangles.
/// </summary>
internal unsafe struct NewtonSchulzIteration(Orthogonalization problem)
{
    private readonly long rows = problem.Rows;
    private readonly long columns = problem.Columns;
    private readonly int steps = problem.Steps;
    private readonly bool isDouble = problem.DType == ScalarType.Float64;
    private nint current;
    private nint spare;
    private nint gram;
    private nint polynomial;
    private double scale;

    private readonly bool IsWide => this.rows <= this.columns;

    /// <summary>Size of the smaller Gram matrix.</summary>
    private readonly long Small => Math.Min(this.rows, this.columns);

    private readonly long Large => Math.Max(this.rows, this.columns);

    /// <summary>Iterates all, as many at once as working memory allows.</summary>
    public static void Run(Span<NewtonSchulzIteration> iterations, Arena memory, GemmQueue products, long largestBatch)
    {
        for (var start = 0; start < iterations.Length;)
        {
            memory.Reset();
            var end = start;
            while (end < iterations.Length && memory.Used <= largestBatch)
                iterations[end++].Begin(memory);
            Iterate(iterations[start..end], products);
            start = end;
        }
    }

    private void Begin(Arena memory)
    {
        var size = this.isDouble ? sizeof(double) : sizeof(float);
        this.current = TorchNative.Data(problem.Input.Handle);
        this.gram = memory.Take(this.Small * this.Small * size);
        this.polynomial = memory.Take(this.Small * this.Small * size);
        this.spare = memory.Take(this.rows * this.columns * size);

        // The iterate is never divided by its norm: the first polynomial takes s = 1/norm along, X' = s (a I + b s² A + c s⁴ A²) X.
        var elements = this.rows * this.columns;
        this.scale = 1 / (Numbers.Norm(problem.Input) + NewtonSchulz.Tiny);
        var readsOutput = problem.Input.Handle == problem.Output.Handle && this.steps % 2 == 1;
        if (this.scale >= 1e-12 && !readsOutput)
            return;

        // Squares of entries as large as these would overflow in the Gram matrix before s makes them small; and the first
        // product must not write where it reads.
        var copy = memory.Take(elements * size);
        var factor = this.scale < 1e-12 ? this.scale : 1;
        if (this.isDouble)
            Scale((double*)this.current, (double*)copy, elements, factor);
        else
            Scale((float*)this.current, (float*)copy, elements, (float)factor);
        this.scale /= factor;
        this.current = copy;
    }

    private static void Iterate(Span<NewtonSchulzIteration> iterations, GemmQueue products)
    {
        var last = 0;
        foreach (ref readonly var p in iterations)
            last = Math.Max(last, p.steps);
        for (var i = 0; i < last; i++)
        {
            foreach (ref readonly var p in iterations)
            {
                if (i < p.steps)
                    products.AddSymmetric(!p.IsWide, p.Small, p.Large, p.scale * p.scale, p.current, p.columns, 0, p.gram, p.Small, p.isDouble);
            }

            products.Run();
            foreach (ref readonly var p in iterations)
            {
                if (i < p.steps)
                    p.AddSquare(products);
            }

            products.Run();
            foreach (ref var p in iterations)
            {
                if (i < p.steps)
                    p.AddProduct(i, products);
            }

            products.Run();
        }
    }

    /// <summary><c>P ← b A + c A²</c>, lower triangle.</summary>
    private readonly void AddSquare(GemmQueue products)
    {
        var n = this.Small;
        var (_, b, c) = NewtonSchulz.Polynomial(problem.Coefficients);
        if (this.isDouble)
            Prepare((double*)this.gram, (double*)this.polynomial, n);
        else
            Prepare((float*)this.gram, (float*)this.polynomial, n);
        products.AddSymmetric(false, n, n, this.scale * c, this.gram, n, this.scale * b, this.polynomial, n, this.isDouble);
    }

    /// <summary><c>X ← (a I + P) X</c>.</summary>
    private void AddProduct(int i, GemmQueue products)
    {
        var (a, _, _) = NewtonSchulz.Polynomial(problem.Coefficients);
        if (this.isDouble)
            Finish((double*)this.polynomial, this.Small, this.scale * a);
        else
            Finish((float*)this.polynomial, this.Small, (float)(this.scale * a));
        var next = (this.steps - i) % 2 == 1 ? TorchNative.Data(problem.Output.Handle) : this.spare;
        if (this.IsWide)
            products.Add(false, false, this.rows, this.columns, this.rows, 1, this.polynomial, this.rows, this.current, this.columns, 0, next, this.columns, this.isDouble);
        else
            products.Add(false, false, this.rows, this.columns, this.columns, 1, this.current, this.columns, this.polynomial, this.columns, 0, next, this.columns, this.isDouble);
        this.current = next;
        this.scale = 1;
    }

    private static void Prepare<T>(T* gram, T* polynomial, long n)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        Triangle.Mirror(gram, n);
        Buffer.MemoryCopy(gram, polynomial, n * n * sizeof(T), n * n * sizeof(T));
    }

    private static void Finish<T>(T* polynomial, long n, T diagonal)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        for (var i = 0L; i < n; i++)
            polynomial[i * (n + 1)] += diagonal;
        Triangle.Mirror(polynomial, n);
    }

    private static void Scale<T>(T* from, T* to, long elements, T factor)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        for (var i = 0L; i < elements; i++)
            to[i] = from[i] * factor;
    }
}
