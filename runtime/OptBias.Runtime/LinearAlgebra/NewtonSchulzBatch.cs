using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>A matrix to orthogonalise.</summary>
internal struct NewtonSchulzProblem
{
    public Tensor Input;
    public Tensor Output;
    public int Steps;
    public NewtonSchulzCoefficients Coefficients;
    public long Rows;
    public long Columns;
    public bool IsDouble;
    public nint Current;
    public nint Spare;
    public nint Gram;
    public nint Polynomial;
    public double Scale;

    public readonly bool IsWide => this.Rows <= this.Columns;

    /// <summary>Size of the smaller Gram matrix.</summary>
    public readonly long Small => Math.Min(this.Rows, this.Columns);

    public readonly long Large => Math.Max(this.Rows, this.Columns);
}

/// <summary>
/// Newton-Schulz iterations of many matrices in step with each other. Symmetric products (A and A²) are computed as triangles.
/// </summary>
internal static unsafe class NewtonSchulzBatch
{
    public static void Run(MatrixWork work)
    {
        var problems = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(work.Orthogonalizations);
        for (var start = 0; start < problems.Length;)
        {
            work.Memory.Reset();
            var end = start;
            while (end < problems.Length && work.Memory.Used <= MatrixWork.LargestBatch)
                Begin(ref problems[end++], work.Memory);
            Iterate(problems[start..end], work.Products);
            start = end;
        }
    }

    private static void Begin(ref NewtonSchulzProblem p, Arena memory)
    {
        var size = p.IsDouble ? sizeof(double) : sizeof(float);
        p.Current = NativeBlas.Data(p.Input);
        p.Gram = memory.Take(p.Small * p.Small * size);
        p.Polynomial = memory.Take(p.Small * p.Small * size);
        p.Spare = memory.Take(p.Rows * p.Columns * size);

        // The iterate is never divided by its norm: the first polynomial takes s = 1/norm along, X' = s (a I + b s² A + c s⁴ A²) X.
        var elements = p.Rows * p.Columns;
        p.Scale = 1 / (NormTransfer.Norm(p.Input, elements) + NewtonSchulz.Tiny);
        var readsOutput = p.Input.Handle == p.Output.Handle && p.Steps % 2 == 1;
        if (p.Scale >= 1e-12 && !readsOutput)
            return;

        // Squares of entries as large as these would overflow in the Gram matrix before s makes them small; and the first
        // product must not write where it reads.
        var copy = memory.Take(elements * size);
        var factor = p.Scale < 1e-12 ? p.Scale : 1;
        if (p.IsDouble)
            Scale((double*)p.Current, (double*)copy, elements, factor);
        else
            Scale((float*)p.Current, (float*)copy, elements, (float)factor);
        p.Scale /= factor;
        p.Current = copy;
    }

    private static void Iterate(Span<NewtonSchulzProblem> problems, GemmQueue products)
    {
        var last = 0;
        foreach (ref readonly var p in problems)
            last = Math.Max(last, p.Steps);
        for (var i = 0; i < last; i++)
        {
            foreach (ref readonly var p in problems)
            {
                if (i < p.Steps)
                    products.AddSymmetric(!p.IsWide, p.Small, p.Large, p.Scale * p.Scale, p.Current, p.Columns, 0, p.Gram, p.Small, p.IsDouble);
            }

            products.Run();
            foreach (ref readonly var p in problems)
            {
                if (i < p.Steps)
                    AddSquare(p, products);
            }

            products.Run();
            foreach (ref var p in problems)
            {
                if (i < p.Steps)
                    AddProduct(ref p, i, products);
            }

            products.Run();
        }
    }

    /// <summary><c>P ← b A + c A²</c>, lower triangle.</summary>
    private static void AddSquare(in NewtonSchulzProblem p, GemmQueue products)
    {
        var n = p.Small;
        var (_, b, c) = NewtonSchulz.Polynomial(p.Coefficients);
        if (p.IsDouble)
            Prepare((double*)p.Gram, (double*)p.Polynomial, n);
        else
            Prepare((float*)p.Gram, (float*)p.Polynomial, n);
        products.AddSymmetric(false, n, n, p.Scale * c, p.Gram, n, p.Scale * b, p.Polynomial, n, p.IsDouble);
    }

    /// <summary><c>X ← (a I + P) X</c>.</summary>
    private static void AddProduct(ref NewtonSchulzProblem p, int i, GemmQueue products)
    {
        var (a, _, _) = NewtonSchulz.Polynomial(p.Coefficients);
        if (p.IsDouble)
            Finish((double*)p.Polynomial, p.Small, p.Scale * a);
        else
            Finish((float*)p.Polynomial, p.Small, (float)(p.Scale * a));
        var next = (p.Steps - i) % 2 == 1 ? NativeBlas.Data(p.Output) : p.Spare;
        if (p.IsWide)
            products.Add(false, false, p.Rows, p.Columns, p.Rows, 1, p.Polynomial, p.Rows, p.Current, p.Columns, 0, next, p.Columns, p.IsDouble);
        else
            products.Add(false, false, p.Rows, p.Columns, p.Columns, 1, p.Current, p.Columns, p.Polynomial, p.Columns, 0, next, p.Columns, p.IsDouble);
        p.Current = next;
        p.Scale = 1;
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
