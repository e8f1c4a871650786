using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Training goes on from a checkpoint as if it had not stopped, bit for bit.</summary>
public sealed class CheckpointResumeTests : IDisposable
{
    private static readonly long[][] Shapes = [[5], [4, 6], [2, 3, 2], []];
    private readonly Folder folder = new();

    public static TheoryData<string> Names => Declared.Names;

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_optimizer_resumes_bit_for_bit_in_every_dtype_and_between_refreshes(string name)
    {
        var descriptor = Declared.Find(name);
        var settings = descriptor.Hyperparameters.Where(h => h.Name.EndsWith("update_every", StringComparison.Ordinal)).ToDictionary(h => h.Name, _ => 3.0);
        foreach (var dtype in new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16 })
        {
            // Step 5 lies between the refreshes of steps 4 and 7.
            using var whole = new Problem(dtype, 3, Shapes);
            using var first = descriptor.Create(whole.Parameters, settings);
            Steps(first, whole, 0, 5);
            var path = this.folder[$"{dtype}.safetensors"];
            first.Save(path);
            using var half = new Problem(dtype, 3, Shapes);
            Copy(whole, half);
            using var second = descriptor.Create(half.Parameters, new Dictionary<string, double> { ["lr"] = 0.77 });
            var report = second.Load(path);
            Assert.Equal(Bits.Of(first), Bits.Of(second));
            Assert.Empty(report.New.Concat(report.Dropped).Concat(report.Differences));

            Steps(first, whole, 5, 6);
            Steps(second, half, 5, 6);
            Assert.Equal(Bits.Of(whole.Parameters), Bits.Of(half.Parameters));
            Assert.Equal(Bits.Of(first), Bits.Of(second));
        }
    }

    [Theory]
    [InlineData("AdamW")]
    [InlineData("Soap")]
    [InlineData("Muon")]
    public void A_state_dict_in_a_stream_resumes_too(string name)
    {
        using var whole = new Problem(ScalarType.Float32, 3, Shapes);
        using var first = Declared.Find(name).Create(whole.Parameters, new Dictionary<string, double>());
        Steps(first, whole, 0, 5);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            first.save_state_dict(writer);
        using var half = new Problem(ScalarType.Float32, 3, Shapes);
        Copy(whole, half);
        using var second = Declared.Find(name).Create(half.Parameters, new Dictionary<string, double>());
        stream.Position = 0;
        second.load_state_dict(new BinaryReader(stream));
        Steps(first, whole, 5, 6);
        Steps(second, half, 5, 6);
        Assert.Equal(Bits.Of(whole.Parameters), Bits.Of(half.Parameters));
    }

    [Fact]
    public void A_scheduler_goes_on_from_the_rate_that_was_saved()
    {
        using var problem = new Problem(ScalarType.Float64, 1, [3]);
        using var optimizer = new Optimizers.Sgd(problem.Parameters, lr: 1.0);
        var scheduler = optim.lr_scheduler.StepLR(optimizer, step_size: 1, gamma: 0.5);
        scheduler.step();
        optimizer.Save(this.folder["sgd.safetensors"]);
        using var other = new Optimizers.Sgd(problem.Parameters, lr: 0.25);
        other.Load(this.folder["sgd.safetensors"]);
        var group = other.ParamGroups.Single();
        Assert.Equal((0.5, 1.0), (group.LearningRate, group.InitialLearningRate));
    }

    private static void Copy(Problem source, Problem target)
    {
        using var noGradient = no_grad();
        foreach (var (from, to) in source.Parameters.Zip(target.Parameters))
            to.copy_(from);
    }

    private static void Steps(DeclaredOptimizer optimizer, Problem problem, int first, int count)
    {
        for (var step = first; step < first + count; step++)
        {
            problem.SetGradients(step);
            optimizer.step();
        }
    }
}
