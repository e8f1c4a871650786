using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Generators.Tests;

/// <summary>A checkpoint of a declaration that was edited afterwards: it is refused, or taken by name where that is asked for. Never by place.</summary>
public sealed class EditedDeclarationTests : IDisposable
{
    private const string Before = """
        [Optimizer]
        [Momentum(0.9)]
        [ClipByValue(1.0)]
        [WeightDecay(0.01)]
        [Diagonal(0.999)]
        public sealed partial class Rule;
        """;

    private readonly string file = Path.Combine(Path.GetTempPath(), $"optbias-edited-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(this.file);

    [Theory]
    [InlineData("stages that changed places", "[ClipByValue(1.0)]\n[WeightDecay(0.01)]", "[WeightDecay(0.01)]\n[ClipByValue(1.0)]")]
    [InlineData("a stage more", "[WeightDecay(0.01)]", "[WeightDecay(0.01)]\n[Momentum(0.5, Name = \"Late\")]")]
    [InlineData("a stage less", "[WeightDecay(0.01)]\n", "")]
    [InlineData("state less", "[Diagonal(0.999)]\n", "")]
    [InlineData("another name of a stage", "[Momentum(0.9)]", "[Momentum(0.9, Name = \"Fast\")]")]
    [InlineData("another kind of momentum", "[Momentum(0.9)]", "[HeavyBall(0.9)]")]
    [InlineData("another option", "[Momentum(0.9)]", "[Momentum(0.9, Nesterov = true)]")]
    [InlineData("another statistic", "[Diagonal(0.999)]", "[Diagonal(0.999, Statistic = DiagonalStatistic.Max)]")]
    [InlineData("narrow state", "[Optimizer]", "[Optimizer]\n[State(Precision = StatePrecision.BFloat16)]")]
    [InlineData("other coordinates", "[ClipByValue(1.0)]", "[KroneckerBasis(0.9)]\n[ClipByValue(1.0)]")]
    [InlineData("a power law", "[Momentum(0.9)]", "[PowerLaw(2.0)]\n[Momentum(0.9)]")]
    [InlineData("a matrix stage", "[WeightDecay(0.01)]", "[Kronecker(0.9)]\n[WeightDecay(0.01)]")]
    [InlineData("a stage of one's own", "public sealed partial class Rule;", "[Elementwise(nameof(Half))] public sealed partial class Rule { static float Half(float update) => update * 0.5f; }")]
    public void It_loads_by_name_where_that_is_allowed_and_not_otherwise(string edit, string old, string replacement)
    {
        Assert.Contains(old, Before, StringComparison.Ordinal);
        var after = Before.Replace(old, replacement, StringComparison.Ordinal);
        this.Check(edit, Before, after);
        this.Check(edit + ", back", after, Before);
    }

    [Theory]
    [InlineData("[Momentum(0.9, Name = \"Fast\")]\n[Momentum(0.99, Name = \"Slow\")]", "[Momentum(0.99, Name = \"Slow\")]\n[Momentum(0.9, Name = \"Fast\")]")]
    [InlineData("[Kronecker(0.9, MaxDimension = 64)]", "[Kronecker(0.9, MaxDimension = 2)]")]
    [InlineData("[Kronecker(0.9)]", "[Kronecker(0.9, Asynchronous = true)]")]
    [InlineData("[KroneckerBasis(0.9)]\n[Diagonal(0.9)]", "[KroneckerBasis(0.9, MaxDimension = 2)]\n[Diagonal(0.9)]")]
    [InlineData("[Diagonal(0.9, Factored = true)]", "[Diagonal(0.9)]")]
    [InlineData("[Momentum(0.9)]\n[Diagonal(0.9)]", "[Momentum(0.9)]\n[KroneckerBasis(0.9)]\n[Diagonal(0.9)]")]
    [InlineData("[Momentum(0.9)]\n[KroneckerBasis(0.9)]\n[Diagonal(0.9)]", "[Momentum(0.9)]\n[Diagonal(0.9)]")]
    public void Memories_do_not_change_places(string stages, string edited) =>
        this.Check(stages, $"[Optimizer]\n{stages}\npublic sealed partial class Rule;", $"[Optimizer]\n{edited}\npublic sealed partial class Rule;");

    [Theory]
    [InlineData("[Route(typeof(A), When = ParameterShape.Matrix)]\n[Route(typeof(B))]", "[Route(typeof(B), When = ParameterShape.Matrix)]\n[Route(typeof(A))]")]
    [InlineData("[Route(typeof(A), When = ParameterShape.Matrix)]\n[Route(typeof(B))]", "[Route(typeof(A))]")]
    [InlineData("[Route(typeof(A), When = ParameterShape.Matrix)]\n[Route(typeof(B))]", "[Route(typeof(B))]")]
    public void Routes_that_changed_places_are_told_apart(string routes, string edited)
    {
        const string Rules = "[Optimizer][Momentum(0.9)] public sealed partial class A; [Optimizer][Momentum(0.9)][Diagonal(0.99)] public sealed partial class B;\n";
        this.Check(routes, $"{Rules}[Optimizer]\n{routes}\npublic sealed partial class Rule;", $"{Rules}[Optimizer]\n{edited}\npublic sealed partial class Rule;");
    }

    [Fact]
    public void A_comment_and_a_default_are_no_edit()
    {
        using var before = CompiledOptimizers.Of(Before);
        using var after = CompiledOptimizers.Of("// Edited.\n" + Before.Replace("0.999", "0.99", StringComparison.Ordinal));
        using var saved = Run(before.Descriptor("Rule"));
        saved.Save(this.file);
        using var other = Make(after.Descriptor("Rule"), 1);
        other.Load(this.file);
        Assert.Equal(StateOf(saved), StateOf(other));
    }

    [Fact]
    public void The_same_name_in_another_namespace_is_refused()
    {
        using var before = CompiledOptimizers.Of("namespace Mine { " + Before + " }");
        using var after = CompiledOptimizers.Of("namespace Yours { " + Before + " }");
        using var saved = Run(before.Descriptor("Mine.Rule"));
        saved.Save(this.file);
        using var other = Make(after.Descriptor("Yours.Rule"), 1);
        var exception = Assert.Throws<CheckpointMismatchException>(() => other.Load(this.file));
        Assert.Equal(["optimizer: Mine.Rule was saved, this is Yours.Rule"], exception.Differences);
        using var stream = new MemoryStream();
        saved.save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;
        Assert.Throws<CheckpointMismatchException>(() => other.load_state_dict(new BinaryReader(stream)));
        Assert.ThrowsAny<ArgumentException>(() => other.load_state_dict(saved.state_dict()));
    }

    /// <summary>Saves the first, loads it into the second, and looks at every name.</summary>
    private void Check(string edit, string before, string after)
    {
        using var first = CompiledOptimizers.Of(before);
        using var second = CompiledOptimizers.Of(after);
        using var saved = Run(first.Descriptor("Rule"));
        saved.Save(this.file);
        using var other = Make(second.Descriptor("Rule"), 2);
        var (own, theirs) = (StateOf(other), StateOf(saved));
        Assert.Throws<CheckpointMismatchException>(() => other.Load(this.file));
        Assert.Equal(own, StateOf(other));

        var report = other.Load(this.file, CheckpointDifferences.Declaration);
        Assert.NotEmpty(report.Differences);
        var loaded = StateOf(other);
        Assert.Equal(own.Keys, loaded.Keys);
        foreach (var (name, value) in loaded)
        {
            // What was taken is what has the same name; all else is as it was.
            var isTaken = report.Taken.Any(line => line == name || line.StartsWith(name + " = ", StringComparison.Ordinal));
            Assert.True(value == (isTaken ? theirs[name] : own[name]) || isTaken && report.Differences.Any(d => d.StartsWith(name + " was saved as", StringComparison.Ordinal)), $"{edit}: {name}");
            Assert.True(isTaken || report.New.Any(line => name.StartsWith(line.Split(',')[0], StringComparison.Ordinal)), $"{edit}: {name} is neither taken nor new");
        }

        other.step();
    }

    /// <summary>Every number that an optimizer keeps, by what a report calls it.</summary>
    private static SortedDictionary<string, string> StateOf(DeclaredOptimizer optimizer)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var state in optimizer.States)
        {
            result.Add($"{state.ParameterName}: step", $"{state.Step}");
            foreach (var (name, value) in state.Tensors)
                result.Add($"{state.ParameterName}: {name}", Convert.ToHexString(SafeTensor.Of("x", value).Bytes));
        }

        var options = (DeclaredOptions)optimizer.ParamGroups.Cast<TorchSharp.Modules.ParamGroup>().Single().Options;
        for (var i = 0; i < options.Hyperparameters.Count; i++)
            result.Add($"group 0: {options.Hyperparameters[i].Name}", $"{options[i]:R}");
        return result;
    }

    private static DeclaredOptimizer Run(OptimizerDescriptor descriptor)
    {
        // Every hyperparameter has a value of its own, in the range of all that are used here.
        var values = descriptor.Hyperparameters.Select((h, i) => (h, i)).ToDictionary(x => x.h.Name, x => x.h.IsInteger ? 3 + x.i : x.h.Name == "alpha" ? 2.5 : 0.11 + (0.07 * x.i));
        return Make(descriptor, 1, values);
    }

    private static DeclaredOptimizer Make(OptimizerDescriptor descriptor, int seed, Dictionary<string, double>? values = null)
    {
        using var generator = new Generator((ulong)seed);
        Parameter New(params long[] shape) => new(randn(shape, dtype: ScalarType.Float64, generator: generator)) { grad = randn(shape, dtype: ScalarType.Float64, generator: generator) };
        var optimizer = descriptor.Create([New(3), New(3, 4)], values ?? new Dictionary<string, double>());
        for (var step = 0; step < 3 * (2 - seed); step++)
            optimizer.step();
        return optimizer;
    }
}
