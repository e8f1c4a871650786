using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>A file loads by name or not at all, and a refused load changes nothing.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private readonly Folder folder = new();

    private string File => this.folder["x.safetensors"];

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void Parameters_with_names_find_their_state_in_any_order()
    {
        using var saved = new AdamW([("a", Stepped(1)), ("b", Stepped(100))]);
        saved.step();
        saved.Save(this.File);
        using var other = new AdamW([("b", Stepped(0)), ("a", Stepped(0))]);
        var report = other.Load(this.File);
        var momenta = other.States.ToDictionary(s => s.ParameterName, s => s.Tensors.First().Value[0].item<float>());
        Assert.Equal(0.1f, momenta["parameter 'a'"], 1e-6);
        Assert.Equal(10f, momenta["parameter 'b'"], 1e-4);
        Assert.Contains("parameter 'a': momentum", report.Taken);
        Assert.Contains("group 0: beta1 = 0.9", report.Taken);
    }

    [Fact]
    public void A_parameter_that_is_missing_or_more_is_named_and_can_be_allowed()
    {
        using var saved = new AdamW([("a", Stepped(1)), ("old", Stepped(2))]);
        saved.step();
        saved.Save(this.File);
        using var other = new AdamW([("a", Stepped(0)), ("new", Stepped(0))]);
        var refused = this.Refused(other);
        Assert.Contains("parameter 'new': nothing was saved for it", refused.Differences);
        Assert.Contains("parameter 'old': it was saved, and this optimizer has no parameter of that name", refused.Differences);
        Assert.Contains("allow: CheckpointDifferences.Parameters;", refused.Message, StringComparison.Ordinal);
        var report = other.Load(this.File, CheckpointDifferences.Parameters);
        Assert.Equal(["parameter 'new': all of its state"], report.New);
        Assert.Equal(["parameter 'old': all of its state"], report.Dropped);
        Assert.Equal([1, 0], other.States.Select(s => s.Step));
    }

    [Fact]
    public void Parameters_without_names_are_taken_in_order_with_their_shapes_checked()
    {
        using var saved = new AdamW([new Parameter(ones(3)), new Parameter(ones(4))]);
        saved.Save(this.File);
        using var same = new AdamW([new Parameter(ones(3)), new Parameter(ones(4))]);
        same.Load(this.File);
        using var turned = new AdamW([new Parameter(ones(4)), new Parameter(ones(3))]);
        Assert.Contains("parameter 0 of group 0: shape [3] was saved, it has [4]", this.Refused(turned).Differences);
        using var fewer = new AdamW([new Parameter(ones(3))]);
        Assert.Contains("parameters: 2 were saved, there are 1", this.Refused(fewer, CheckpointDifferences.Parameters | CheckpointDifferences.Declaration | CheckpointDifferences.ParameterNames).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_on_one_side_only_must_be_allowed()
    {
        using var saved = new AdamW([("a", Stepped(1))]);
        saved.step();
        saved.Save(this.File);
        using var other = new AdamW([Stepped(0)]);
        Assert.Contains("those that were saved have names, those of this optimizer have none", this.Refused(other).Message, StringComparison.Ordinal);
        other.Load(this.File, CheckpointDifferences.ParameterNames);
        Assert.Equal(1, other.States.Single().Step);
    }

    [Fact]
    public void Two_parameters_of_one_name_are_told_apart_by_their_place_among_equal_names_and_no_others()
    {
        using var saved = new AdamW([("w", Stepped(1)), ("w", Stepped(2))]);
        saved.step();
        saved.Save(this.File);
        using var same = new AdamW([("w", Stepped(0)), ("w", Stepped(0))]);
        same.Load(this.File);
        Assert.Equal(Bits.Of(saved), Bits.Of(same));
        using var other = new AdamW([("w", Stepped(0)), ("v", Stepped(0))]);
        Assert.Contains("give every parameter one name of its own", this.Refused(other).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_class_of_the_same_program_is_named_and_can_be_allowed()
    {
        using var saved = new Adam([Stepped(1)]);
        saved.step();
        saved.Save(this.File);
        using var other = new PlainAdam([Stepped(0)]);
        var refused = this.Refused(other);
        Assert.Equal(Adam.Descriptor.Fingerprint, PlainAdam.Descriptor.Fingerprint);
        Assert.Equal(["optimizer: OptBias.Optimizers.Adam was saved, this is OptBias.Runtime.Tests.PlainAdam"], refused.Differences);
        var report = other.Load(this.File, CheckpointDifferences.Declaration);
        Assert.Equal(refused.Differences, report.Differences);
        Assert.Equal(1, other.States.Single().Step);
    }

    [Fact]
    public void Another_dtype_and_another_group_are_named_and_can_be_allowed()
    {
        using var saved = new AdamW([new AdamW.ParamGroup([("a", Stepped(1))]), new AdamW.ParamGroup([("b", Stepped(2))], new AdamW.Options { LearningRate = 0.5 })]);
        saved.step();
        saved.Save(this.File);
        using var other = new AdamW([new AdamW.ParamGroup([("b", Stepped(0))]), new AdamW.ParamGroup([("a", Stepped(0, ScalarType.Float64))])]);
        var refused = this.Refused(other);
        Assert.Contains("parameter 'b': it was in group 1, it is in group 0", refused.Differences);
        Assert.Contains("parameter 'a': Float32 was saved, it is Float64", refused.Differences);
        var report = other.Load(this.File, CheckpointDifferences.Parameters);
        Assert.Equal(report.Differences.Select(static line => "differs: " + line).Prepend($"{report.Taken.Count} values were taken."), report.ToString().Split('\n'));
        Assert.Equal("1 values were taken.\nnew: b\ndropped: c", new CheckpointReport { Taken = ["a"], New = ["b"], Dropped = ["c"], Differences = [] }.ToString());
        Assert.Equal([0.5, 0.001], other.ParamGroups.Select(g => g.LearningRate));
        Assert.Equal(0.1, other.States.Last().Tensors.First().Value[0].item<double>(), 1e-7);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_whatever_is_allowed()
    {
        using var optimizer = new Soap([("a", new Parameter(ones(3, 4)))]);
        var sound = SafeTensors.Read(this.Saved(optimizer));
        var all = CheckpointDifferences.Declaration | CheckpointDifferences.Parameters | CheckpointDifferences.ParameterNames;
        foreach (var (change, message) in new (Func<SavedOptimizer, SavedOptimizer> Change, string Message)[]
        {
            (s => WithHyper(s, "beta1", 7), "group 0: beta1 is 7, which is not in [0, 1)"),
            (s => WithHyper(s, "lr", -1), "group 0: lr is -1, which is not in [0, ∞)"),
            (s => WithHyper(s, "update_every", 2.5), "update_every is 2.5"),
            (s => s with { Groups = [s.Groups[0] with { InitialLearningRate = -2 }] }, "group 0: initial lr is -2"),
            (s => WithParameter(s, p => p with { Step = -3 }), "parameter 'a': its step count is -3"),
            (s => WithParameter(s, p => p with { Step = long.MaxValue }), "its step count is 9223372036854775807"),
            (s => WithParameter(s, p => p with { Counters = p.Counters.ToDictionary(c => c.Key, c => c.Key.EndsWith("ready", StringComparison.Ordinal) ? 2 : c.Value) }), "ready is 2, which is not in [0, 1]"),
            (s => WithParameter(s, p => p with { Counters = p.Counters.ToDictionary(c => c.Key, c => c.Key.EndsWith("failures", StringComparison.Ordinal) ? -1 : c.Value) }), "failures is -1, which is not in [0, 3]"),
        })
        {
            SafeTensors.Write(this.File, CheckpointFormat.Write(change(CheckpointFormat.Read(sound, "sound"))));
            Assert.Contains(message, this.Refused(optimizer, all).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_a_file_lacks_or_has_more_is_named()
    {
        using var optimizer = new AdamW([("a", Stepped(1))]);
        var sound = SafeTensors.Read(this.Saved(optimizer));
        foreach (var (change, message) in new (Func<SavedOptimizer, SavedOptimizer> Change, string Message)[]
        {
            (s => WithHyper(s, "gamma", 1), "group 0: gamma = 1 was saved, and this declaration has no such thing"),
            (s => s with { Groups = [s.Groups[0] with { Hyperparameters = new Dictionary<string, double>(s.Groups[0].Hyperparameters.Where(h => h.Key != "eps")) }] }, "group 0: eps was not saved"),
            (s => s with { Groups = [s.Groups[0], s.Groups[0]] }, "parameter groups: 2 were saved, there are 1"),
            (s => s with { Fingerprint = "0123" }, "the fingerprint of what was saved is 0123"),
            (s => WithParameter(s, p => p with { Tensors = p.Tensors.Where(t => t.Key != "momentum").ToDictionary() }), "parameter 'a': momentum was not saved"),
            (s => WithParameter(s, p => p with { Tensors = p.Tensors.Append(new("extra", p.Tensors["momentum"])).ToDictionary() }), "parameter 'a': extra was saved, and this declaration has no such thing"),
            (s => WithParameter(s, p => p with { Counters = new Dictionary<string, long> { ["extra"] = 1 } }), "parameter 'a': extra was saved"),
            (s => WithParameter(s, p => p with { Rule = "Lion" }), "parameter 'a': it followed Lion, it follows AdamW"),
            (s => WithParameter(s, p => p with { Coordinates = new Dictionary<string, string> { ["second_moment"] = "kronecker_basis" } }), "second_moment was saved in the coordinates of kronecker_basis, it is in those of the parameter"),
        })
        {
            SafeTensors.Write(this.File, CheckpointFormat.Write(change(CheckpointFormat.Read(sound, "sound"))));
            Assert.Contains(message, this.Refused(optimizer).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_flipped_bit_every_shorter_and_every_longer_file_is_refused_and_changes_nothing()
    {
        using var saved = new Soap([("a", Stepped(1, shape: [2, 3]))]);
        saved.step();
        var bytes = System.IO.File.ReadAllBytes(this.Saved(saved));
        using var other = new Soap([("a", Stepped(5, shape: [2, 3]))], lr: 0.3);
        other.step();
        var before = Bits.Of(other);
        for (var i = 0; i < bytes.Length * 8; i += 7)
        {
            var changed = (byte[])bytes.Clone();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            Damaged(other, changed);
        }

        for (var length = 0; length < bytes.Length; length += 11)
            Damaged(other, bytes[..length]);
        Damaged(other, [.. bytes, .. new byte[100]]);
        Assert.Equal(before, Bits.Of(other));

        void Damaged(Soap optimizer, byte[] content)
        {
            System.IO.File.WriteAllBytes(this.File, content);
            var exception = Assert.Throws<InvalidDataException>(() => optimizer.Load(this.File));
            Assert.StartsWith(this.File, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_newer_version_and_a_file_of_another_kind_say_so()
    {
        using var optimizer = new AdamW([("a", Stepped(1))]);
        var file = SafeTensors.Read(this.Saved(optimizer));
        SafeTensors.Write(this.File, file, file.Metadata.Where(m => m.Key != "version").Append(new("version", "2")));
        Assert.Contains("format version '2'; this program reads 1 to 1", Assert.Throws<InvalidDataException>(() => optimizer.Load(this.File)).Message, StringComparison.Ordinal);
        SafeTensors.Write(this.File, [SafeTensor.Of("x", [1], [1.0])]);
        Assert.Contains("not a checkpoint", Assert.Throws<InvalidDataException>(() => optimizer.Load(this.File)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => optimizer.Load(this.folder["none"]));
    }

    [Fact]
    public void A_hyperparameter_out_of_range_is_not_saved_and_the_old_file_stays()
    {
        using var optimizer = new Sgd([("a", Stepped(1))]);
        var before = System.IO.File.ReadAllBytes(this.Saved(optimizer));
        optimizer.ParamGroups.Single().LearningRate = double.NaN;
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Save(this.File));
        Assert.Equal(before, System.IO.File.ReadAllBytes(this.File));
    }

    [Fact]
    public void The_same_optimizer_writes_the_same_bytes()
    {
        using var optimizer = new Shampoo([("a", Stepped(1, shape: [2, 3]))]);
        optimizer.step();
        var first = System.IO.File.ReadAllBytes(this.Saved(optimizer));
        Assert.Equal(first, System.IO.File.ReadAllBytes(this.Saved(optimizer)));
    }

    [Fact]
    public void A_state_that_is_moved_elsewhere_before_it_is_loaded_is_loaded_there()
    {
        using var saved = new AdamW([("a", Stepped(1))]);
        saved.step();
        saved.Save(this.File);
        using var other = new AdamW([("a", Stepped(0))]);
        other.to(CPU);
        other.Load(this.File);
        Assert.All(other.States.Single().Tensors, t => Assert.Equal(DeviceType.CPU, t.Value.device_type));
        Assert.Equal(Bits.Of(saved), Bits.Of(other));
    }

    private static Parameter Stepped(float gradient, ScalarType dtype = ScalarType.Float32, long[]? shape = null) =>
        new(ones(shape ?? [3], dtype: dtype)) { grad = full(shape ?? [3], gradient, dtype: dtype) };

    private static SavedOptimizer WithHyper(SavedOptimizer saved, string name, double value) => saved with
    {
        Groups = [saved.Groups[0] with { Hyperparameters = new Dictionary<string, double>(saved.Groups[0].Hyperparameters) { [name] = value } }],
    };

    private static SavedOptimizer WithParameter(SavedOptimizer saved, Func<SavedParameter, SavedParameter> change) => saved with { Parameters = [change(saved.Parameters[0])] };

    private string Saved(DeclaredOptimizer optimizer)
    {
        optimizer.Save(this.File);
        return this.File;
    }

    private CheckpointMismatchException Refused(DeclaredOptimizer optimizer, CheckpointDifferences allow = CheckpointDifferences.None)
    {
        var before = Bits.Of(optimizer);
        var exception = Assert.Throws<CheckpointMismatchException>(() => optimizer.Load(this.File, allow));
        Assert.Equal(before, Bits.Of(optimizer));
        return exception;
    }
}
