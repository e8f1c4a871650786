using OptBias.Kernels;
using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>The same program gives the same numbers: bit for bit from run to run, on one thread and on several, with and without 512-bit vectors.</summary>
[Collection(Alone.Name)]
public sealed class DeterminismTests
{
    /// <summary>Sizes that are shared by threads and sizes that are not, single large matrices, rows and columns, kernels.</summary>
    private static readonly long[][] Shapes = [[200, 180], [64, 64], [5, 300], [300, 5], [16, 8, 3, 3], [7], [1, 90]];

    public static TheoryData<string> Names => Declared.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_runs_give_the_same_bits(string name) => AssertClose(name, 0, () => Run(name, 2), () => Run(name, 2));

    /// <summary>All but a factored second moment, whose rows and columns libtorch reduces: it shares them by the number of threads.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void One_thread_and_several_give_the_same_bits(string name)
    {
        Skip.IfNot(OneBlasThread.IsAvailable, "The BLAS of this libtorch cannot be told how many threads it has.");
        var bound = IsFactored(name) ? 1e-5 : 0;
        var one = Run(name, 1);
        AssertClose(name, bound, () => one, () => Run(name, 2));
        AssertClose(name, bound, () => one, () => Run(name, 3));
    }

    /// <summary>512-bit vectors, 256-bit ones, and one number at a time: other partial sums, and so other last bits, only where there are sums.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Vectors_of_all_widths_give_the_same_bits_where_nothing_is_summed(string name)
    {
        var plan = Declared.Find(name).Plan;
        var bound = plan.Routes.Select(route => route.Plan).Append(plan).Any(rule => rule.Sums.Count > 0) ? 1e-4 : 0;
        var widest = Run(name, 2);
        AssertClose(name, bound, () => widest, () => Run(name, 2, passedOver: 1));
        AssertClose(name, bound, () => widest, () => Run(name, 2, passedOver: 2));
    }

    private static bool IsFactored(string name)
    {
        using var problem = new Problem(ScalarType.Float32, 1, [4, 3]);
        using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
        var state = optimizer.States.Single();
        return Enumerable.Range(0, state.Route.Plan.Matrices.Count).Any(k => state.Matrix(k) is FactoredMoment);
    }

    /// <summary>A long vector and a long column too for rules that make no factors of them.</summary>
    private static long[][] ShapesOf(string name) => Declared.Find(name).Cost.MatrixStages > 0 && !name.EndsWith("Descent", StringComparison.Ordinal) ? Shapes : [.. Shapes, [70_000], [70_000, 1]];

    private static void AssertClose(string name, double bound, Func<double[][]> first, Func<double[][]> second)
    {
        var (a, b, differences) = (first(), second(), new List<string>());
        for (var i = 0; i < a.Length; i++)
        {
            var distance = a[i].Zip(b[i], static (x, y) => x.Equals(y) ? 0 : Math.Abs(x - y) / (Math.Abs(y) + 0.01)).Max();
            if (!(distance <= bound))
                differences.Add($"{distance:E1} in [{string.Join(", ", ShapesOf(name)[i])}]");
        }

        Assert.True(differences.Count == 0, $"{name} differs by {string.Join("; ", differences)}.");
    }

    private static double[][] Run(string name, int threads, int passedOver = 0)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        KernelSet.PassedOver = passedOver;
        try
        {
            using var scope = NewDisposeScope();
            using var problem = new Problem(ScalarType.Float32, 1, ShapesOf(name));
            using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
            for (var step = 0; step < 12; step++)
            {
                problem.SetGradients(step);
                optimizer.step();
            }

            return [.. problem.Parameters.Select(static parameter => parameter.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray())];
        }
        finally
        {
            set_num_threads(before);
            KernelSet.PassedOver = 0;
        }
    }
}
