using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>
/// The kernels' text, compiled for the host and launched by the same code that launches it on a GPU, does what the TorchSharp path
/// does: for every declared optimizer, over dtypes, sizes and alignments.
/// </summary>
[Collection(Alone.Name)]
public sealed class HostKernelTests
{
    private static readonly long[][] Shapes = [[], [0], [1], [7], [8], [9], [1000], [16 * 1024], [20011], [4, 3, 2, 2], [33, 17], [2, 5, 3]];
    private static readonly long[][] SmallShapes = [[], [0], [1], [7], [8], [9], [64], [4, 3, 2, 2], [33, 17]];

    /// <summary>All but those that kernels for a GPU do not take for some type.</summary>
    public static TheoryData<string> Names => new(Declared.OfAnyProblem
        .Where(d => d.Plan.Storage is { StochasticRounding: false, MasterWeights: false }).Select(d => d.Name));

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Kernels_do_what_the_operations_do_in_float64(string name) => Compare(name, ScalarType.Float64, 10, 1e-10);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Kernels_do_what_the_operations_do_in_float32(string name) => Compare(name, ScalarType.Float32, 10, 1e-4);

    /// <summary>One last bit of a parameter may differ where the float32 arithmetic before the rounding does in its own.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Kernels_do_what_the_operations_do_with_bfloat16_parameters(string name) => Compare(name, ScalarType.BFloat16, 3, 2.0 / 128);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void Kernels_do_what_the_operations_do_with_float16_parameters(string name) => Compare(name, ScalarType.Float16, 3, 2.0 / 1024);

    [SkippableTheory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void A_tensor_that_is_not_aligned_gets_the_same_update_to_the_bit(ScalarType dtype)
    {
        // All but the sum, whose terms other threads add up.
        foreach (var name in new[] { "AdamW", "Lion", "CubicAdam" })
        {
            using var aligned = new Problem(dtype, 3, [20011], [40]);
            using var shifted = new Problem(dtype, 3, [20011], [40]);
            for (var i = 0; i < shifted.Parameters.Count; i++)
            {
                var room = zeros(shifted.Parameters[i].NumberOfElements + 1, dtype: dtype);
                var view = room.narrow(0, 1, shifted.Parameters[i].NumberOfElements);
                view.copy_(shifted.Parameters[i].detach());
                shifted.Parameters[i] = new(view);
                Assert.NotEqual(0, Native.TorchNative.Data(shifted.Parameters[i].Handle) % 16);
            }

            Steps(name, aligned, Backend.Fused, 5);
            Steps(name, shifted, Backend.Fused, 5);
            Assert.Equal(0, shifted.DistanceTo(aligned));
        }
    }

    [SkippableFact]
    public void All_parameters_of_a_pass_share_one_launch()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [.. Enumerable.Range(0, 100).Select(i => new long[] { i, 3 })]);
        var device = (HostDevice)HostDevice.ModuleOf(ScalarType.Float32).Device;
        var before = device.Launches;
        Steps("AdamW", problem, Backend.Fused, 1);
        Assert.Equal(1, device.Launches - before);
        Steps("Lamb", problem, Backend.Fused, 1);
        Assert.Equal(3, device.Launches - before);
    }

    [SkippableFact]
    public void What_a_step_allocates_on_the_device_is_freed_with_the_optimizer()
    {
        using var problem = new Problem(ScalarType.Float32, 1, [100], [20, 5]);
        var device = (HostDevice)HostDevice.ModuleOf(ScalarType.Float32).Device;
        var before = device.Allocations;
        using (var optimizer = Make("Lamb", problem, Backend.Fused))
        {
            problem.SetGradients(0);
            optimizer.step();
            var used = device.Allocations;
            Assert.InRange(used, before + 1, before + 20);
            for (var step = 0; step < 20; step++)
                optimizer.step();

            // The second of the two buffers that take turns, in each pass.
            Assert.InRange(device.Allocations, used, used + 4);
        }

        Assert.Equal(before, device.Allocations);
    }

    [SkippableFact]
    public void A_group_that_gets_other_gradients_and_sizes_next_time_is_laid_out_anew()
    {
        using var some = new Problem(ScalarType.Float32, 2, [50], [9000], [3]);
        using var other = new Problem(ScalarType.Float32, 2, [50], [9000], [3]);
        using var one = Make("AdamW", some, Backend.Fused);
        using var two = Make("AdamW", other, Backend.TorchSharp);
        for (var step = 0; step < 8; step++)
        {
            foreach (var (problem, optimizer) in new[] { (some, one), (other, two) })
            {
                problem.SetGradients(step);
                if (step % 3 != 0)
                    problem.Parameters[step % 3].grad = null;
                optimizer.step();
            }
        }

        Assert.InRange(some.DistanceTo(other), 0, 1e-5);
    }

    [SkippableFact]
    public void Autograd_hears_of_what_a_kernel_writes()
    {
        using var problem = new Problem(ScalarType.Float32, 2, [50]);
        _ = HostDevice.ModuleOf(ScalarType.Float32);
        using var loss = problem.Parameters[0].square().sum();
        Steps("Sgd", problem, Backend.Fused, 1);
        Skip.IfNot(Native.TorchNative.CanBumpVersion, "This libtorch has no bump_version to call.");
        Assert.Contains("modified by an inplace operation", Assert.ThrowsAny<Exception>(() => loss.backward()).Message, StringComparison.Ordinal);
    }

    private static void Compare(string name, ScalarType dtype, int steps, double tolerance)
    {
        var shapes = Declared.Find(name).Cost.MatrixStages > 0 ? SmallShapes : Shapes;
        using var kernels = new Problem(dtype, 1, shapes);
        using var oracle = new Problem(dtype, 1, shapes);
        using var one = Make(name, kernels, Backend.Fused);
        using var other = Make(name, oracle, Backend.TorchSharp);
        Steps(one, kernels, steps);
        Steps(other, oracle, steps);
        Assert.InRange(kernels.DistanceTo(oracle), 0, tolerance);
        using (one.AtEvaluationPoint())
        using (other.AtEvaluationPoint())
            Assert.InRange(kernels.DistanceTo(oracle), 0, tolerance);
    }

    private static void Steps(string name, Problem problem, Backend backend, int steps)
    {
        using var optimizer = Make(name, problem, backend);
        Steps(optimizer, problem, steps);
    }

    private static void Steps(DeclaredOptimizer optimizer, Problem problem, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    }

    /// <summary>An optimizer whose fused path is that of the kernels.</summary>
    private static DeclaredOptimizer Make(string name, Problem problem, Backend backend)
    {
        var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double>());
        optimizer.Backend = backend;
        foreach (var state in optimizer.States)
            state.Kernels = backend == Backend.Fused ? HostDevice.ModuleOf(new Cuda.KernelTypes(state.Parameter.dtype, state.Parameter.dtype, state.StateType, state.ArithmeticType)) : null;
        return optimizer;
    }
}
