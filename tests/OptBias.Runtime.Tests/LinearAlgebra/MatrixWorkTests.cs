using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

/// <summary>What parameters do together is what each does alone, and it allocates nothing.</summary>
public sealed class MatrixWorkTests
{
    /// <summary>Vectors, matrices that are cut and matrices that are not, kernels, sizes beyond one panel.</summary>
    private static readonly long[][] Shapes = [[5], [200], [150, 70], [3, 300], [64, 64], [1, 90], [4, 3, 2], [1], [70, 150], [0, 3]];

    [Theory]
    [InlineData(ScalarType.Float64, KroneckerStatistic.Shampoo, 1e-9)]
    [InlineData(ScalarType.Float32, KroneckerStatistic.Shampoo, 1e-4)]
    [InlineData(ScalarType.BFloat16, KroneckerStatistic.Shampoo, 1e-1)]
    [InlineData(ScalarType.Float64, KroneckerStatistic.KullbackLeibler, 1e-9)]
    public void Parameters_together_do_what_each_does_alone(ScalarType dtype, KroneckerStatistic statistic, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var work = new MatrixWork();
        var settings = new KroneckerSettings { Statistic = statistic, MaxDimension = 128 };
        var together = Shapes.Select(shape => new KroneckerPreconditioner(shape, dtype, CPU, settings, "together")).ToArray();
        var alone = Shapes.Select(shape => new KroneckerPreconditioner(shape, dtype, CPU, settings, "alone")).ToArray();
        for (var t = 1; t <= 4; t++)
        {
            var gradients = Random(dtype, t);
            var (first, second) = (gradients.Select(static g => zeros_like(g)).ToArray(), gradients.Select(static g => zeros_like(g)).ToArray());
            for (var i = 0; i < Shapes.Length; i++)
                together[i].Update(gradients[i], t, 0.9, 1e-2, 2, work);
            work.Complete();
            for (var i = 0; i < Shapes.Length; i++)
                together[i].Apply(gradients[i], first[i], work);
            work.Complete();
            for (var i = 0; i < Shapes.Length; i++)
            {
                alone[i].Update(gradients[i], t, 0.9, 1e-2, 2);
                alone[i].Apply(gradients[i], second[i]);
                Assert.True(first[i].allclose(second[i], tolerance, tolerance), $"[{string.Join(", ", Shapes[i])}] at step {t}");
                Assert.True(t > 1 || first[i].NumberOfElements == 0 || !first[i].allclose(gradients[i]), "the first refresh changes the update");
            }
        }

        foreach (var preconditioner in together.Concat(alone))
            preconditioner.Dispose();
    }

    [Theory]
    [InlineData(new long[] { 150, 70 })]
    [InlineData(new long[] { 300 })]
    public void Queued_roots_and_products_are_those_of_the_formula(long[] shape)
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner(shape, float64, CPU, new KroneckerSettings(), "w");
        var g = randn(shape, dtype: float64, generator: new Generator(1));
        var output = zeros_like(g);
        preconditioner.Update(g, 1, 0.9, 1e-3, 1);
        preconditioner.Apply(g, output);

        var matrix = g.view(shape[0], -1);
        var exponent = shape.Length == 2 ? 0.25 : 0.5;
        var expected = InverseRoot.Compute(matrix.mm(matrix.t()), exponent, 1e-3).mm(matrix);
        if (shape.Length == 2)
            expected = expected.mm(InverseRoot.Compute(matrix.t().mm(matrix), exponent, 1e-3));
        Assert.True(output.view(shape[0], -1).allclose(expected, 1e-10, 1e-12));
        Assert.All(preconditioner.Tensors, tensor => Assert.True(tensor.Value.equal(tensor.Value.t()).all().item<bool>(), tensor.Name));
    }

    [Fact]
    public void Matrices_orthogonalised_together_are_those_orthogonalised_alone()
    {
        using var scope = NewDisposeScope();
        using var work = new MatrixWork();
        var inputs = Random(float32, 1);
        var (first, second) = (inputs.Select(static g => zeros_like(g)).ToArray(), inputs.Select(static g => zeros_like(g)).ToArray());
        for (var i = 0; i < inputs.Length; i++)
            NewtonSchulz.Orthogonalize(inputs[i], first[i], 2 + (i % 4), work: work);
        work.Complete();
        for (var i = 0; i < inputs.Length; i++)
        {
            NewtonSchulz.Orthogonalize(inputs[i], second[i], 2 + (i % 4));
            Assert.True(first[i].allclose(second[i], 1e-4, 1e-6), $"[{string.Join(", ", Shapes[i])}]");

            // In place, with an odd and an even number of steps.
            NewtonSchulz.Orthogonalize(inputs[i], inputs[i], 2 + (i % 4), work: work);
        }

        work.Complete();
        Assert.All(inputs.Zip(first), pair => Assert.True(pair.First.allclose(pair.Second, 1e-4, 1e-6)));
    }

    [Fact]
    public void Steps_allocate_nothing_managed_and_no_tensor()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var work = new MatrixWork();
        long[][] shapes = [[40], [60, 30], [30, 200]];
        var preconditioners = shapes.Select(shape => new KroneckerPreconditioner(shape, float32, CPU, new KroneckerSettings { MaxDimension = 128 }, "w")).ToArray();
        var gradients = shapes.Select(shape => randn(shape)).ToArray();
        var outputs = gradients.Select(static g => zeros_like(g)).ToArray();
        for (var t = 1; t <= 10; t++)
            Step(t);
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        var (created, allocated) = (statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount, GC.GetAllocatedBytesForCurrentThread());
        for (var t = 11; t <= 60; t++)
            Step(t);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal(created, statistics.CreatedInScopeCount + statistics.CreatedOutsideScopeCount);
        foreach (var preconditioner in preconditioners)
            preconditioner.Dispose();

        void Step(int t)
        {
            for (var i = 0; i < preconditioners.Length; i++)
                preconditioners[i].Update(gradients[i], t, 0.9, 1e-6, 5, work);
            work.Complete();
            for (var i = 0; i < preconditioners.Length; i++)
                preconditioners[i].Apply(gradients[i], outputs[i], work);
            work.Complete();
            for (var i = 0; i < preconditioners.Length; i++)
                NewtonSchulz.Orthogonalize(gradients[i], outputs[i], work: work);
            work.Complete();
        }
    }

    [Fact]
    public void One_parameter_that_fails_leaves_all_as_they_were()
    {
        using var scope = NewDisposeScope();
        using var work = new MatrixWork();
        using var first = new KroneckerPreconditioner([6, 4], float64, CPU, new KroneckerSettings(), "first");
        using var second = new KroneckerPreconditioner([5, 3], float64, CPU, new KroneckerSettings(), "second");
        using var warnings = new Warnings("second");
        var (g, h) = (randn([6, 4], dtype: float64, generator: new Generator(1)), randn([5, 3], dtype: float64, generator: new Generator(2)));
        Step(1);
        second.Eigensolver = _ => throw new InvalidOperationException("injected");
        for (var t = 2; t <= 4; t++)
            Step(t);
        var before = first.Tensors.Concat(second.Tensors).Select(tensor => tensor.Value.clone()).ToArray();
        Assert.Equal("second", Assert.Throws<PreconditionerException>(() => Step(5)).Parameter);
        Assert.All(first.Tensors.Concat(second.Tensors).Zip(before), pair => Assert.True(pair.First.Value.equal(pair.Second).all().item<bool>(), pair.First.Name));
        Assert.Equal(4, first.LastRefresh);

        void Step(int t)
        {
            first.Update(g * t, t, 0.9, 1e-6, 1, work);
            second.Update(h * t, t, 0.9, 1e-6, 1, work);
            work.Complete();
        }
    }

    private static Tensor[] Random(ScalarType dtype, int seed) =>
        [.. Shapes.Select((shape, i) => randn(shape, dtype: float64, generator: new Generator((ulong)((100 * seed) + i))).to(dtype))];
}
