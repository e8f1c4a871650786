using OptBias.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

public sealed class KroneckerPreconditionerTests
{
    [Theory]
    [InlineData(new long[] { 6, 4 })]
    [InlineData(new long[] { 5 })]
    [InlineData(new long[] { 4, 3, 2 })]
    [InlineData(new long[] { 4, 3, 2, 5 })]
    [InlineData(new long[] { 6, 1, 4 })]
    [InlineData(new long[] { 1 })]
    public void It_is_the_product_with_the_inverse_root_of_every_factor(long[] shape)
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner(shape, float64, CPU, new KroneckerSettings(), "w");
        var gradients = Gradients(shape, 3);
        for (var t = 1; t <= 3; t++)
            preconditioner.Update(gradients[t - 1], t, 0.9, 1e-4, 1);
        var u = randn(shape, dtype: float64, generator: new Generator(9));
        var output = zeros_like(u);
        preconditioner.Apply(u, output);
        Assert.True(output.allclose(Expected(gradients, u, 0.9, 1e-4), 1e-9, 1e-11));
        preconditioner.Apply(u, u);
        Assert.True(u.allclose(output, 0, 0), "In place it differs.");
    }

    [Theory]
    [InlineData(new long[] { 6, 4 }, KroneckerStatistic.Shampoo)]
    [InlineData(new long[] { 4, 3, 2 }, KroneckerStatistic.Shampoo)]
    [InlineData(new long[] { 9 }, KroneckerStatistic.Shampoo)]
    [InlineData(new long[] { 6, 4 }, KroneckerStatistic.KullbackLeibler)]
    [InlineData(new long[] { 4, 3, 2 }, KroneckerStatistic.KullbackLeibler)]
    public void Blocks_as_large_as_the_tensor_equal_no_blocks(long[] shape, KroneckerStatistic statistic)
    {
        using var scope = NewDisposeScope();
        using var whole = new KroneckerPreconditioner(shape, float64, CPU, new KroneckerSettings { Statistic = statistic }, "w");
        using var blocked = new KroneckerPreconditioner(shape, float64, CPU, new KroneckerSettings { Statistic = statistic, MaxDimension = (int)shape.Max() }, "w");
        Assert.True(Run(whole, shape, 4).equal(Run(blocked, shape, 4)).all().item<bool>());
    }

    [Theory]
    [InlineData(new long[] { 7, 5 }, 3, KroneckerStatistic.Shampoo)]
    [InlineData(new long[] { 5, 4, 3 }, 2, KroneckerStatistic.Shampoo)]
    [InlineData(new long[] { 11 }, 4, KroneckerStatistic.Shampoo)]
    [InlineData(new long[] { 7, 5 }, 3, KroneckerStatistic.KullbackLeibler)]
    public void Every_block_is_a_problem_of_its_own(long[] shape, int maxDimension, KroneckerStatistic statistic)
    {
        using var scope = NewDisposeScope();
        var settings = new KroneckerSettings { MaxDimension = maxDimension, Statistic = statistic };
        using var blocked = new KroneckerPreconditioner(shape, float64, CPU, settings, "w");
        var result = Run(blocked, shape, 4);
        foreach (var block in blocked.Partition.Blocks)
        {
            using var alone = new KroneckerPreconditioner([.. block.Lengths], float64, CPU, settings, "w");

            // A block keeps its order even where it is one wide, which a tensor of its shape would not.
            if (block.Lengths.Contains(1))
                continue;
            var expected = zeros([.. block.Lengths], dtype: float64);
            var gradients = Gradients(shape, 4);
            for (var t = 1; t <= 4; t++)
                alone.Update(Part(gradients[t - 1]), t, 0.9, 1e-4, 2);
            alone.Apply(Part(Input(shape)), expected);
            Assert.True(Part(result).allclose(expected, 1e-10, 1e-12));

            Tensor Part(Tensor tensor)
            {
                for (var k = 0; k < block.Offsets.Count; k++)
                    tensor = tensor.narrow(k, block.Offsets[k], block.Lengths[k]);
                return tensor;
            }
        }
    }

    [Fact]
    public void A_diagonal_problem_is_the_diagonal_method()
    {
        // Gradients that are diagonal: L = R = diag(sum g²), so u = g / sqrt(sum g² + ε), Adagrad.
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([5, 5], float64, CPU, new KroneckerSettings { Accumulation = Accumulation.Sum }, "w");
        var sum = zeros(5, dtype: float64);
        var output = zeros(5, 5, dtype: float64);
        for (var t = 1; t <= 10; t++)
        {
            var g = randn([5], dtype: float64, generator: new Generator((ulong)t));
            sum.add_(g.square());
            preconditioner.Update(g.diag(), t, double.NaN, 1e-6, 1);
            preconditioner.Apply(g.diag(), output);
            Assert.True(output.allclose((g / (sum + 1e-6).sqrt()).diag(), 1e-9, 1e-12));
        }
    }

    [Fact]
    public void Before_the_first_preconditioned_step_updates_pass_while_factors_gather()
    {
        using var scope = NewDisposeScope();
        using var late = new KroneckerPreconditioner([4, 3], float64, CPU, new KroneckerSettings { StartAt = 4 }, "w");
        using var early = new KroneckerPreconditioner([4, 3], float64, CPU, new KroneckerSettings(), "w");
        var (u, output, expected) = (Input([4, 3]), zeros(4, 3, dtype: float64), zeros(4, 3, dtype: float64));
        var gradients = Gradients([4, 3], 4);
        for (var t = 1; t <= 4; t++)
        {
            late.Update(gradients[t - 1], t, 0.9, 1e-4, 10);
            early.Update(gradients[t - 1], t, 0.9, 1e-4, 1);
            late.Apply(u, output);
            early.Apply(u, expected);
            Assert.Equal(t >= 4, late.IsActive);
            Assert.True(output.allclose(t < 4 ? u : expected, 1e-12, 1e-14), $"step {t}");
        }
    }

    [Fact]
    public void Roots_are_refreshed_at_steps_1_and_every_f_steps_after()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([3, 2], float64, CPU, new KroneckerSettings(), "w");
        var refreshes = new List<long>();
        foreach (var (gradient, t) in Gradients([3, 2], 9).Select((gradient, i) => (gradient, i + 1)))
        {
            preconditioner.Update(gradient, t, 0.9, 1e-4, 4);
            if (preconditioner.LastRefresh == t)
                refreshes.Add(t);
        }

        Assert.Equal([1, 5, 9], refreshes);
    }

    [Fact]
    public void Kullback_Leibler_factors_follow_their_recurrence()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([4, 3], float64, CPU, new KroneckerSettings { Statistic = KroneckerStatistic.KullbackLeibler }, "w");
        var (a, b) = (zeros(4, 4, dtype: float64), zeros(3, 3, dtype: float64));
        var (ra, rb) = (eye(4, 4, float64), eye(3, 3, float64));
        for (var t = 1; t <= 5; t++)
        {
            var g = randn([4, 3], dtype: float64, generator: new Generator((ulong)t));
            preconditioner.Update(g, t, 0.9, 1e-3, 1);
            var nextA = (0.9 * a) + (0.1 / 3 * g.mm(rb).mm(rb).mm(g.t()));
            b = (0.9 * b) + (0.1 / 4 * g.t().mm(ra).mm(ra).mm(g));
            a = nextA;
            (ra, rb) = (Root(a / (1 - Math.Pow(0.9, t)), 0.5, 1e-3), Root(b / (1 - Math.Pow(0.9, t)), 0.5, 1e-3));
        }

        var (u, output) = (Input([4, 3]), zeros(4, 3, dtype: float64));
        preconditioner.Apply(u, output);
        Assert.True(output.allclose(ra.mm(u).mm(rb), 1e-9, 1e-11));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-3)]
    [InlineData(ScalarType.Float16, 5e-2)]
    [InlineData(ScalarType.BFloat16, 2e-1)]
    public void Other_dtypes_keep_float32_roots_of_float64_factors(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([6, 4], dtype, CPU, new KroneckerSettings(), "w");
        var gradients = Gradients([6, 4], 8).Select(gradient => gradient.to(dtype)).ToArray();
        for (var t = 1; t <= 8; t++)
            preconditioner.Update(gradients[t - 1], t, 0.9, 1e-2, 1);
        var u = Input([6, 4]).to(dtype);
        var output = zeros_like(u);
        preconditioner.Apply(u, output);
        Assert.All(preconditioner.Tensors, tensor => Assert.Equal(tensor.Name.StartsWith("root", StringComparison.Ordinal) ? ScalarType.Float32 : ScalarType.Float64, tensor.Value.dtype));
        Assert.True(output.to(float64).allclose(Expected([.. gradients.Select(gradient => gradient.to(float64))], u.to(float64), 0.9, 1e-2), tolerance, tolerance));
    }

    [Fact]
    public void Layouts_that_are_not_contiguous_give_the_same()
    {
        using var scope = NewDisposeScope();
        using var first = new KroneckerPreconditioner([6, 4], float64, CPU, new KroneckerSettings(), "w");
        using var second = new KroneckerPreconditioner([6, 4], float64, CPU, new KroneckerSettings(), "w");
        var (u, expected) = (Input([6, 4]), zeros(6, 4, dtype: float64));
        var output = zeros(4, 6, dtype: float64).t();
        var gradient = Gradients([6, 4], 1)[0];
        first.Update(gradient, 1, 0.9, 1e-4, 1);
        second.Update(gradient.t().contiguous().t(), 1, 0.9, 1e-4, 1);
        first.Apply(u, expected);
        second.Apply(u.t().contiguous().t(), output);
        Assert.True(output.allclose(expected, 1e-14, 1e-15));
    }

    [Fact]
    public void An_exponent_can_be_set()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([4, 3], float64, CPU, new KroneckerSettings { Exponent = 0.5 }, "w");
        var g = Gradients([4, 3], 1)[0];
        preconditioner.Update(g, 1, 0.9, 1e-3, 1);
        var (u, output) = (Input([4, 3]), zeros(4, 3, dtype: float64));
        preconditioner.Apply(u, output);
        Assert.True(output.allclose(Root(g.mm(g.t()), 0.5, 1e-3).mm(u).mm(Root(g.t().mm(g), 0.5, 1e-3)), 1e-9, 1e-11));
    }

    [Fact]
    public void A_root_that_is_fresh_enough_is_kept_and_one_that_is_not_is_refreshed()
    {
        using var scope = NewDisposeScope();
        using var tolerant = new KroneckerPreconditioner([4, 4], float64, CPU, new KroneckerSettings { StalenessTolerance = 0.1 }, "w");
        var g = Gradients([4, 4], 1)[0];
        tolerant.Update(g, 1, 0.9, 1e-3, 1);
        var before = Roots(tolerant);

        // The same gradient scaled: the eigenvectors stay, so the root does.
        tolerant.Update(g * 3, 2, 0.9, 1e-3, 1);
        Assert.All(Roots(tolerant).Zip(before), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));

        // Another one, much larger.
        tolerant.Update(Gradients([4, 4], 2)[1] * 100, 3, 0.9, 1e-3, 1);
        Assert.All(Roots(tolerant).Zip(before), pair => Assert.False(pair.First.allclose(pair.Second)));
    }

    [Fact]
    public void Asynchronous_roots_are_those_of_one_refresh_earlier()
    {
        using var scope = NewDisposeScope();
        using var background = new KroneckerPreconditioner([5, 4], float64, CPU, new KroneckerSettings { Asynchronous = true }, "w");
        using var here = new KroneckerPreconditioner([5, 4], float64, CPU, new KroneckerSettings(), "w");
        var gradients = Gradients([5, 4], 13);
        var history = new Dictionary<int, Tensor[]>();
        for (var t = 1; t <= 13; t++)
        {
            background.Update(gradients[t - 1], t, 0.9, 1e-3, 4);
            here.Update(gradients[t - 1], t, 0.9, 1e-3, 4);
            history[t] = Roots(here);
            var source = t < 9 ? 1 : t < 13 ? 5 : 9;
            Assert.All(Roots(background).Zip(history[source]), pair => Assert.True(pair.First.allclose(pair.Second, 1e-11, 1e-13), $"step {t}"));
        }
    }

    [Theory]
    [InlineData(false, 0.0, 3)]
    [InlineData(true, 0.0, 3)]
    [InlineData(true, 0.05, 100)]
    [InlineData(false, 0.05, 100)]
    public void A_saved_state_goes_on_exactly_where_it_was(bool asynchronous, double staleness, int maxDimension)
    {
        using var scope = NewDisposeScope();
        var settings = new KroneckerSettings { Asynchronous = asynchronous, StalenessTolerance = staleness, MaxDimension = maxDimension };
        using var original = new KroneckerPreconditioner([5, 4], float64, CPU, settings, "w");
        using var loaded = new KroneckerPreconditioner([5, 4], float64, CPU, settings, "w");
        using var copied = new KroneckerPreconditioner([5, 4], float64, CPU, settings, "w");
        var gradients = Gradients([5, 4], 12);
        for (var t = 1; t <= 6; t++)
            original.Update(gradients[t - 1], t, 0.9, 1e-3, 2);

        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            original.Save(writer);
        stream.Position = 0;
        using (var reader = new BinaryReader(stream))
            loaded.Load(reader);
        copied.CopyFrom(original);
        Assert.True(loaded.ApproximatelyEquals(original));
        Assert.True(copied.ApproximatelyEquals(original));

        for (var t = 7; t <= 12; t++)
        {
            foreach (var one in (KroneckerPreconditioner[])[original, loaded, copied])
                one.Update(gradients[t - 1], t, 0.9, 1e-3, 2);
        }

        var expected = Roots(original);
        Assert.All(Roots(loaded).Zip(expected), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        Assert.All(Roots(copied).Zip(expected), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void A_state_of_another_shape_is_refused_and_nothing_is_changed()
    {
        using var scope = NewDisposeScope();
        using var source = new KroneckerPreconditioner([5, 4], float64, CPU, new KroneckerSettings(), "w");
        using var target = new KroneckerPreconditioner([4, 4], float64, CPU, new KroneckerSettings(), "layer.weight");
        source.Update(Gradients([5, 4], 1)[0], 1, 0.9, 1e-3, 1);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            source.Save(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        Assert.Contains("layer.weight", Assert.Throws<InvalidDataException>(() => target.Load(reader)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => target.CopyFrom(source));
        using var fresh = new KroneckerPreconditioner([4, 4], float64, CPU, new KroneckerSettings(), "w");
        Assert.True(target.ApproximatelyEquals(fresh));
    }

    [Fact]
    public void The_names_of_the_state_are_stable()
    {
        using var scope = NewDisposeScope();
        using var one = new KroneckerPreconditioner([5, 4], float64, CPU, new KroneckerSettings(), "w");
        using var two = new KroneckerPreconditioner([5, 2], float64, CPU, new KroneckerSettings { MaxDimension = 4 }, "w");
        Assert.Equal(["factor_0", "factor_1", "root_0", "root_1"], one.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(
            ["block_0.factor_0", "block_0.factor_1", "block_0.root_0", "block_0.root_1", "block_1.factor_0", "block_1.factor_1", "block_1.root_0", "block_1.root_1"],
            two.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["last_refresh", "block_0.failures", "block_1.failures"], two.Counters.Select(counter => counter.Name));
    }

    [Fact]
    public void State_outlives_the_dispose_scope_it_was_made_in()
    {
        KroneckerPreconditioner preconditioner;
        using (NewDisposeScope())
        {
            preconditioner = new KroneckerPreconditioner([4, 3], float64, CPU, new KroneckerSettings(), "w");
            preconditioner.Update(Gradients([4, 3], 1)[0], 1, 0.9, 1e-3, 1);
        }

        using (preconditioner)
        using (NewDisposeScope())
        {
            preconditioner.Update(Gradients([4, 3], 1)[0], 2, 0.9, 1e-3, 1);
            preconditioner.Apply(Input([4, 3]), zeros(4, 3, dtype: float64));
        }
    }

    [Fact]
    public void Steps_neither_keep_tensors_nor_leave_them_to_the_collector()
    {
        using var scope = NewDisposeScope();
        using var preconditioner = new KroneckerPreconditioner([6, 4], float32, CPU, new KroneckerSettings(), "w");
        var (g, output) = (randn([6, 4]), zeros(6, 4));
        Step(1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var t = 2; t <= 200; t++)
            Step(t);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Step(int t)
        {
            preconditioner.Update(g, t, 0.9, 1e-3, 3);
            preconditioner.Apply(g, output);
        }
    }

    internal static Tensor[] Gradients(long[] shape, int count) =>
        [.. Enumerable.Range(1, count).Select(seed => randn(shape, dtype: float64, generator: new Generator((ulong)seed)))];

    private static Tensor Input(long[] shape) => randn(shape, dtype: float64, generator: new Generator(99));

    private static Tensor[] Roots(KroneckerPreconditioner preconditioner) =>
        [.. preconditioner.Tensors.Where(tensor => tensor.Name.Contains("root_", StringComparison.Ordinal) && !tensor.Name.Contains("next", StringComparison.Ordinal)).Select(tensor => tensor.Value.clone())];

    private static Tensor Run(KroneckerPreconditioner preconditioner, long[] shape, int steps)
    {
        var gradients = Gradients(shape, steps);
        for (var t = 1; t <= steps; t++)
            preconditioner.Update(gradients[t - 1], t, 0.9, 1e-4, 2);
        var output = zeros(shape, dtype: float64);
        preconditioner.Apply(Input(shape), output);
        return output;
    }

    private static Tensor Root(Tensor matrix, double exponent, double epsilon)
    {
        var (values, vectors) = linalg.eigh(matrix);
        return (vectors * (values + epsilon).pow(-exponent)).mm(vectors.t());
    }

    /// <summary>RECIPES' EMA form, unfolding by unfolding.</summary>
    private static Tensor Expected(IReadOnlyList<Tensor> gradients, Tensor u, double beta, double epsilon)
    {
        var shape = gradients[0].shape;
        var order = Math.Max(1, shape.Count(size => size > 1));
        for (var k = 0; k < shape.Length; k++)
        {
            if (shape[k] == 1 && order > 0 && shape.Any(size => size > 1))
                continue;
            var factor = zeros(shape[k], shape[k], dtype: float64);
            foreach (var gradient in gradients)
            {
                var unfolding = gradient.movedim([k], [0]).reshape(shape[k], -1);
                factor = (beta * factor) + ((1 - beta) * unfolding.mm(unfolding.t()));
            }

            var root = Root(factor / (1 - Math.Pow(beta, gradients.Count)), 1.0 / (2 * order), epsilon);
            var moved = u.movedim([k], [0]);
            u = root.mm(moved.reshape(shape[k], -1)).reshape(moved.shape).movedim([0], [k]);
        }

        return u;
    }
}
