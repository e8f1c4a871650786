using OptBias.LinearAlgebra;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests.LinearAlgebra;

/// <summary>
/// A refresh is whole: the roots or bases of a block are new together, or they all stay. Every matrix state that may fail, whichever
/// factor of a block it fails for, on every route.
/// </summary>
[Collection(Alone.Name)]
public sealed class WholeRefreshTests
{
    private static readonly KroneckerSettings Overflowing = new() { Exponent = 1 };

    /// <summary>A state for a parameter, and which of its factors is damaged.</summary>
    private static readonly (string Kind, Type State, long[] Shape, Func<long[], ScalarType, IMatrixState> Make)[] Kinds =
    [
        Preconditioner("matrix", [6, 5], new()),
        Preconditioner("square", [4, 4], new()),
        Preconditioner("order 3", [4, 3, 2], new()),
        Preconditioner("sum", [6, 5], new() { Accumulation = Accumulation.Sum }),
        Preconditioner("Kullback-Leibler", [6, 5], new() { Statistic = KroneckerStatistic.KullbackLeibler }),
        Preconditioner("coupled Newton", [6, 5], new() { Root = RootMethod.CoupledNewton }),
        Preconditioner("stale", [6, 5], new() { StalenessTolerance = 0.01 }),
        Preconditioner("background", [6, 5], new() { Asynchronous = true }),
        Basis("basis", [6, 5], new()),
        Basis("basis of order 3", [4, 3, 2], new()),
        Basis("basis by decomposition", [6, 5], new() { Refresh = BasisRefresh.Eigen }),
    ];

    public static TheoryData<string, int, ScalarType, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, ScalarType, bool>();
            foreach (var (kind, _, shape, _) in Kinds)
            {
                for (var factor = 0; factor < shape.Length; factor++)
                {
                    foreach (var onDevice in (bool[])[false, true])
                    {
                        cases.Add(kind, factor, ScalarType.Float32, onDevice);
                        cases.Add(kind, factor, ScalarType.Float64, onDevice);
                    }
                }
            }

            return cases;
        }
    }

    [Fact]
    public void Every_matrix_state_that_may_fail_is_here() =>
        Assert.Equal(
            typeof(IMatrixState).Assembly.GetTypes().Where(static type => type is { IsClass: true, IsAbstract: false } && typeof(IMayFail).IsAssignableFrom(type)).Select(static type => type.Name).Order(),
            Kinds.Select(static kind => kind.State.Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_refresh_that_fails_for_one_factor_changes_no_root_and_no_basis(string kind, int factor, ScalarType dtype, bool onDevice) => On(onDevice, () =>
    {
        using var state = Make(kind, dtype, out var shape);
        var moment = ones(shape, dtype);
        for (var t = 1; t <= 3; t++)
            Learn(state, Gradient(shape, dtype, t), t, moment);
        _ = state.Counters; // what the background computes has come
        var before = Made(state);
        var statistics = moment.clone();
        var damaged = state.Tensors.Single(tensor => tensor.Name == $"factor_{factor}").Value;
        damaged.fill_(double.NaN);
        try
        {
            // In the background it is the refresh after this one that fails; the one before took over what was computed from sound factors.
            if (kind == "background")
            {
                Learn(state, Gradient(shape, dtype, 4), 4, moment);
                _ = state.Counters;
                before = Made(state, "root");
            }

            Learn(state, Gradient(shape, dtype, 5), 5, moment);
            Assert.Contains(("failures", 1L), state.Counters);
        }
        catch (PreconditionerException)
        {
            // Whitened factors are looked at before the refresh: there the step is refused.
            Assert.Equal("Kullback-Leibler", kind);
        }

        Assert.NotEmpty(before);
        Assert.All(before, tensor => Assert.True(tensor.Value.equal(state.Tensors.Single(now => now.Name == tensor.Name).Value).all().item<bool>(), tensor.Name));
        Assert.True(moment.equal(statistics).all().item<bool>(), "statistics kept in the basis");

        // With sound factors the next refresh is one as any other.
        damaged = state.Tensors.Single(tensor => tensor.Name == $"factor_{factor}").Value;
        damaged.copy_(eye(damaged.shape[0], dtype: damaged.dtype));
        for (var t = 6; t <= 7; t++)
            Learn(state, Gradient(shape, dtype, t), t, moment);
        Assert.Contains(("failures", 0L), state.Counters);
        Assert.All(before, tensor => Assert.False(tensor.Value.equal(state.Tensors.Single(now => now.Name == tensor.Name).Value).all().item<bool>(), tensor.Name));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_block_that_fails_keeps_its_roots_and_the_other_blocks_get_theirs(bool onDevice) => On(onDevice, () =>
    {
        using var state = new KroneckerPreconditioner([6, 4], float32, CPU, new KroneckerSettings { MaxDimension = 3 }, "one of four");
        using var warnings = new Warnings("one of four");
        state.Update(Gradient([6, 4], float32, 1), 1, 0.9, 1e-6, 1);
        var before = Made(state, "root");
        state.Tensors.Single(static tensor => tensor.Name == "block_2.factor_1").Value.fill_(double.NaN);
        state.Update(Gradient([6, 4], float32, 2), 2, 0.9, 1e-6, 1);
        Assert.Single(warnings.Messages);
        Assert.All(before, tensor => Assert.Equal(
            tensor.Name.StartsWith("block_2.", StringComparison.Ordinal),
            tensor.Value.equal(state.Tensors.Single(now => now.Name == tensor.Name).Value).all().item<bool>()));
    });

    /// <summary>Roots are computed in float64 and kept in float32: 1e60 is a number in the one and infinite in the other.</summary>
    [Theory]
    [InlineData("queue or stack", false)]
    [InlineData("queue or stack", true)]
    [InlineData("order 3", false)]
    [InlineData("order 3", true)]
    [InlineData("coupled Newton", false)]
    [InlineData("coupled Newton", true)]
    [InlineData("stale", false)]
    [InlineData("background", false)]
    public void A_root_that_is_not_finite_in_the_type_it_is_kept_in_has_failed(string kind, bool onDevice) => On(onDevice, () =>
    {
        var settings = kind switch
        {
            "coupled Newton" => Overflowing with { Root = RootMethod.CoupledNewton },
            "stale" => Overflowing with { StalenessTolerance = 0.01 },
            "background" => Overflowing with { Asynchronous = true },
            _ => Overflowing,
        };
        long[] shape = kind == "order 3" ? [4, 3, 2] : [4, 3];
        using var warnings = new Warnings("overflows");
        using var narrow = new KroneckerPreconditioner(shape, float32, CPU, settings, "overflows");
        using var wide = new KroneckerPreconditioner(shape, float64, CPU, settings, "does not");
        narrow.Update(zeros(shape), 1, 0.9, 1e-60, 1);
        wide.Update(zeros(shape, float64), 1, 0.9, 1e-60, 1);
        Assert.Contains(("failures", 1L), narrow.Counters);
        Assert.Contains(("failures", 0L), wide.Counters);
        Assert.Single(warnings.Messages);
        Assert.All(Made(narrow, "root"), root => Assert.True(root.Value.equal(eye(root.Value.shape[0])).all().item<bool>()));
        Assert.All(Made(wide, "root"), root => Assert.True(root.Value.isfinite().all().item<bool>()));
    });

    [Fact]
    public void A_first_basis_that_is_not_finite_is_refused_and_leaves_zeros_and_the_identity()
    {
        using var scope = NewDisposeScope();
        using var basis = new KroneckerBasis([6, 5], float32, CPU, new KroneckerBasisSettings(), "first.weight")
        {
            Eigensolver = static symmetric => (zeros(symmetric.shape[0], float64), full_like(symmetric, symmetric.shape[0] == 5 ? double.NaN : 1)),
        };
        var error = Assert.Throws<PreconditionerException>(() => basis.Prepare(Gradient([6, 5], float32, 1), 0.9));
        Assert.Contains("first.weight", error.Message, StringComparison.Ordinal);
        Assert.All(basis.Tensors, static tensor =>
        {
            var expected = tensor.Name.StartsWith("basis", StringComparison.Ordinal) ? eye(tensor.Value.shape[0]) : zeros_like(tensor.Value);
            Assert.True(tensor.Value.equal(expected).all().item<bool>(), tensor.Name);
        });
        basis.Eigensolver = InverseRoot.LinalgEigh;
        Assert.False(basis.Prepare(Gradient([6, 5], float32, 1), 0.9));
    }

    /// <summary>The failure that waits is one of the past: if it alone were asked, no step could ever succeed again.</summary>
    [Fact]
    public void In_the_background_too_a_refused_step_changes_nothing_and_can_be_taken_when_the_cause_is_mended()
    {
        using var scope = NewDisposeScope();
        using var warnings = new Warnings("mended");
        using var state = new KroneckerPreconditioner([5, 4], float32, CPU, new KroneckerSettings { Asynchronous = true }, "mended");
        Learn(state, Gradient([5, 4], float32, 1), 1, null);
        state.Eigensolver = static _ => throw new InvalidOperationException("injected");
        for (var t = 2; t <= 5; t++)
            Learn(state, Gradient([5, 4], float32, t), t, null);
        var (tensors, counters) = (Made(state, ""), state.Counters);
        Assert.Contains(("failures", 3L), counters);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = Assert.Throws<PreconditionerException>(() => Learn(state, Gradient([5, 4], float32, 6), 6, null));
            Assert.Contains("injected", error.Message, StringComparison.Ordinal);
            Assert.Equal(counters, state.Counters);
            Assert.All(tensors.Zip(state.Tensors), static pair => Assert.True(pair.First.Value.equal(pair.Second.Value).all().item<bool>(), pair.First.Name));
        }

        state.Eigensolver = InverseRoot.LinalgEigh;
        Learn(state, Gradient([5, 4], float32, 6), 6, null);
        Assert.Contains(("failures", 0L), state.Counters);
        Assert.Contains(("last_refresh", 6L), state.Counters);
    }

    private static (string Kind, Type State, long[] Shape, Func<long[], ScalarType, IMatrixState> Make) Preconditioner(string kind, long[] shape, KroneckerSettings settings) =>
        (kind, typeof(KroneckerPreconditioner), shape, (sizes, dtype) => new KroneckerPreconditioner(sizes, dtype, CPU, settings, kind));

    private static (string Kind, Type State, long[] Shape, Func<long[], ScalarType, IMatrixState> Make) Basis(string kind, long[] shape, KroneckerBasisSettings settings) =>
        (kind, typeof(KroneckerBasis), shape, (sizes, dtype) => new KroneckerBasis(sizes, dtype, CPU, settings, kind));

    private static IMatrixState Make(string kind, ScalarType dtype, out long[] shape)
    {
        var found = Kinds.Single(k => k.Kind == kind);
        shape = found.Shape;
        return found.Make(found.Shape, dtype);
    }

    private static Tensor Gradient(long[] shape, ScalarType dtype, int step) => randn(shape, dtype: float64, generator: new Generator((ulong)step)).to(dtype);

    private static void Learn(IMatrixState state, Tensor gradient, int step, Tensor? moment)
    {
        if (state is KroneckerPreconditioner preconditioner)
            preconditioner.Update(gradient, step, 0.9, 1e-6, 1);
        else if (state is KroneckerBasis basis && basis.Prepare(gradient, 0.9))
            basis.Update(gradient, step, 0.9, 1, moment!);
    }

    /// <summary>Copies of what refreshes make: roots and bases, those that wait too.</summary>
    private static (string Name, Tensor Value)[] Made(IMatrixState state, string? kind = null) =>
        [.. state.Tensors.Where(tensor => kind is null ? !tensor.Name.Contains("factor", StringComparison.Ordinal) : tensor.Name.Contains(kind, StringComparison.Ordinal)).Select(static tensor => (tensor.Name, tensor.Value.clone()))];

    private static void On(bool device, Action action)
    {
        using var scope = NewDisposeScope();
        RouteOf.DeviceEverywhere = device;
        try
        {
            action();
        }
        finally
        {
            RouteOf.DeviceEverywhere = false;
        }
    }
}
