using System.Text;
using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using OptimizerHelper = TorchSharp.Modules.OptimizerHelper;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>TorchSharp's state dicts go through the same checks as checkpoints, through whatever reference they are called.</summary>
public sealed class StateDictTests : IDisposable
{
    private readonly Folder folder = new();

    private string File => this.folder["x.state"];

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_saved_state_dict_is_a_checkpoint_and_replaces_an_older_one()
    {
        using var first = Make(1);
        first.save_state_dict(this.File);
        using var longer = new Soap([new Parameter(ones(30, 20))]);
        longer.save_state_dict(this.File);
        first.save_state_dict(this.File);
        Assert.True(CheckpointFormat.Is(SafeTensors.Read(this.File)));
        Assert.Equal(["x.state"], this.folder.Files);
        using var second = Make(2);
        second.load_state_dict(this.File);
        Assert.Equal(Bits.Of(first), Bits.Of(second));
    }

    [Fact]
    public void Through_the_base_class_it_is_written_and_read_by_name_as_well()
    {
        using var first = new AdamW([("a", Stepped(1)), ("b", Stepped(100))]);
        first.step();
        ((OptimizerHelper)first).save_state_dict(this.File);
        using var second = new AdamW([("b", Stepped(0)), ("a", Stepped(0))]);
        ((OptimizerHelper)second).load_state_dict(this.File);
        Assert.Equal([10f, 0.1f], second.States.Select(s => MathF.Round(s.Tensors.First().Value[0].item<float>(), 4)));
        using var third = new AdamW([("b", Stepped(0)), ("a", Stepped(0))]);
        third.load_state_dict(this.File);
        Assert.Equal(Bits.Of(second), Bits.Of(third));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_bit_is_flipped_in_a_stream_nothing_is_taken(bool throughBase)
    {
        using var first = Make(1);
        var bytes = Stream(first);
        using var other = Make(3);
        var before = Bits.Of(other);
        for (var i = 0; i < bytes.Length * 8; i += 13)
        {
            var changed = (byte[])bytes.Clone();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            using var reader = new BinaryReader(new MemoryStream(changed));
            var exception = Record.Exception(() =>
            {
                if (throughBase)
                    ((OptimizerHelper)other).load_state_dict(reader);
                else
                    other.load_state_dict(reader);
            });
            Assert.True(
                exception is InvalidDataException or ArgumentException || (throughBase && exception is EndOfStreamException or FormatException or IOException),
                $"bit {i}: {exception}");
            Assert.Equal(before, Bits.Of(other));
        }

        // A refused load leaves nothing open.
        other.step();
    }

    [Fact]
    public void A_stream_that_ends_early_changes_nothing()
    {
        using var first = Make(1);
        var bytes = Stream(first);
        using var other = Make(3);
        var before = Bits.Of(other);
        for (var length = 0; length < bytes.Length; length += 17)
        {
            using var reader = new BinaryReader(new MemoryStream(bytes[..length]));
            Assert.Throws<InvalidDataException>(() => other.load_state_dict(reader));
            using var unseekable = new BinaryReader(new Unseekable(bytes[..length]));
            Assert.Throws<InvalidDataException>(() => other.load_state_dict(unseekable));
        }

        Assert.Equal(before, Bits.Of(other));
        using var whole = new BinaryReader(new Unseekable(bytes));
        other.load_state_dict(whole);
        Assert.Equal(Bits.Of(first), Bits.Of(other));
    }

    [Fact]
    public void A_file_with_bytes_left_over_is_refused()
    {
        using var first = Make(1);
        System.IO.File.WriteAllBytes(this.File, [.. Stream(first), .. new byte[100]]);
        using var other = Make(3);
        var before = Bits.Of(other);
        Assert.Contains("100 bytes follow the state", Assert.Throws<InvalidDataException>(() => other.load_state_dict(this.File)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits.Of(other));
    }

    [Fact]
    public void A_file_of_the_versions_that_stored_state_by_place_is_refused_by_name()
    {
        using (var stream = System.IO.File.Create(this.File))
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write("AdamW");
            writer.Write([1, 1]);
            foreach (var number in new[] { 0.001, 0.001, 0.9, 0.999, 1e-8, 0.01 })
                writer.Write(number);
            writer.Write(false);
            writer.Write(7L);
            writer.Write(int.MaxValue);
        }

        using var other = new AdamW([new Parameter(ones(3))]);
        var before = Bits.Of(other);
        Assert.Contains("stored state by its place", Assert.Throws<InvalidDataException>(() => other.load_state_dict(this.File)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits.Of(other));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(int.MaxValue)]
    [InlineData(500_000_000)]
    [InlineData(-1)]
    public void A_part_that_claims_more_than_there_is_allocates_nothing(long length)
    {
        using var other = Make(3);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("OPTBIAS\u0001"u8);
            writer.Write(length);
            writer.Write(new byte[50]);
        }

        foreach (var source in new Stream[] { new MemoryStream(stream.ToArray()), new Unseekable(stream.ToArray()) })
        {
            using var reader = new BinaryReader(source);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => StatePiece.ReadFile(reader, "test"));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        }
    }

    [Fact]
    public void A_copied_state_dict_brings_the_rate_and_the_other_hyperparameters()
    {
        using var first = new AdamW([Stepped(1)], lr: 0.25, beta1: 0.5, weight_decay: 0.125, maximize: true);
        first.step();
        first.ParamGroups.Single().LearningRate = 0.0625;
        using var second = new AdamW([Stepped(2)]);
        second.load_state_dict(first.state_dict());
        Assert.Equal(Bits.Of(first), Bits.Of(second));
        var options = (AdamW.Options)second.ParamGroups.Cast<AdamW.ParamGroup>().Single().Options;
        Assert.Equal((0.0625, 0.25, 0.5, 0.125, true), (options.LearningRate, options.InitialLearningRate, options.beta1, options.weight_decay, options.maximize));
    }

    [Fact]
    public void A_state_dict_is_copied_by_name()
    {
        using var first = new AdamW([("a", Stepped(1)), ("b", Stepped(100))]);
        first.step();
        using var second = new AdamW([("b", Stepped(0)), ("a", Stepped(0))]);
        second.load_state_dict(first.state_dict());
        Assert.Equal([10f, 0.1f], second.States.Select(s => MathF.Round(s.Tensors.First().Value[0].item<float>(), 4)));
        using var third = new AdamW([("c", Stepped(0)), ("a", Stepped(0))]);
        var before = Bits.Of(third);
        Assert.Contains("parameter 'c': nothing was saved for it", Assert.ThrowsAny<ArgumentException>(() => third.load_state_dict(first.state_dict())).Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits.Of(third));
    }

    [Fact]
    public void A_state_dict_of_another_shape_of_matrix_state_changes_nothing()
    {
        using var first = new Shampoo([("a", Stepped(1, 3)), ("m", Stepped(1, 4, 5))]);
        first.step();
        using var second = new Shampoo([("a", Stepped(0, 3)), ("m", Stepped(0, 5, 4))]);
        var before = Bits.Of(second);
        Assert.Contains("parameter 'm': shape [4, 5] was saved, it has [5, 4]", Assert.ThrowsAny<ArgumentException>(() => second.load_state_dict(first.state_dict())).Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits.Of(second));
    }

    [Fact]
    public void Options_alone_are_written_by_name_and_checked()
    {
        var options = new AdamW.Options { LearningRate = 0.5, beta1 = 0.25, beta2 = 0.5, eps = 1e-3, weight_decay = 0, maximize = true };
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            options.SaveStateDict(writer);
        stream.Position = 0;
        var other = new AdamW.Options();
        other.LoadStateDict(new BinaryReader(stream));
        Assert.Equal((0.5, 0.25, true), (other.LearningRate, other.beta1, other.maximize));
        stream.Position = 0;
        Assert.Contains("options", Assert.Throws<CheckpointMismatchException>(() => new Sgd.Options().LoadStateDict(new BinaryReader(stream))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_alone_is_written_by_name_and_checked()
    {
        using var first = Make(1);
        using var second = Make(2);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            first.States.First().SaveStateDict(writer);
        stream.Position = 0;
        second.States.First().LoadStateDict(new BinaryReader(stream));
        Assert.True(first.States.First().ApproximatelyEquals(second.States.First()));
        using var other = new Adam([Stepped(1, 3), Stepped(2, 4, 5)]);
        stream.Position = 0;
        Assert.Throws<CheckpointMismatchException>(() => other.States.First().LoadStateDict(new BinaryReader(stream)));
    }

    [Fact]
    public void A_load_of_one_group_alone_is_not_forgotten_silently()
    {
        using var optimizer = Make(1);
        using var stream = new MemoryStream();
        var options = optimizer.ParamGroups.Cast<TorchSharp.Modules.ParamGroup>().Single().Options;
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            options.SaveStateDict(writer);
        stream.Position = 0;
        options.LoadStateDict(new BinaryReader(stream));
        Assert.Contains("nothing has been taken", Assert.Throws<InvalidOperationException>(() => optimizer.step()).Message, StringComparison.Ordinal);
        optimizer.step();
    }

    [Fact]
    public void A_path_that_is_missing_is_named()
    {
        using var optimizer = new AdamW([Stepped(1)]);
        foreach (var path in new[] { null, "" })
        {
            Assert.Equal("path", Assert.ThrowsAny<ArgumentException>(() => optimizer.Save(path!)).ParamName);
            Assert.Equal("path", Assert.ThrowsAny<ArgumentException>(() => optimizer.Load(path!)).ParamName);
            Assert.Equal("path", Assert.ThrowsAny<ArgumentException>(() => optimizer.SaveForPyTorch(path!)).ParamName);
            Assert.Equal("location", Assert.ThrowsAny<ArgumentException>(() => optimizer.load_state_dict(path!)).ParamName);
        }
    }

    [Fact]
    public void What_is_disposed_of_says_so_before_it_looks_at_a_file_or_a_stream()
    {
        using var sound = Make(1);
        using var written = new MemoryStream();
        using (var writer = new BinaryWriter(written, Encoding.UTF8, leaveOpen: true))
            sound.States.First().SaveStateDict(writer);
        var disposed = Make(2);
        var state = disposed.States.First();
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => disposed.Load(this.folder["none"]));
        Assert.Throws<ObjectDisposedException>(() => state.SaveStateDict(new BinaryWriter(System.IO.Stream.Null)));
        Assert.Throws<ObjectDisposedException>(() => state.LoadStateDict(new BinaryReader(new MemoryStream(written.ToArray()))));
        Assert.Throws<ObjectDisposedException>(() => state.LoadStateDict(new BinaryReader(new MemoryStream())));
        Assert.Throws<ObjectDisposedException>(() => state.LoadStateDict(sound.States.First()));
    }

    [Fact]
    public void A_file_and_then_a_stream_with_something_behind_it_are_both_read()
    {
        using var first = Make(1);
        System.IO.File.WriteAllBytes(this.File, Stream(first));
        using var second = Make(2);
        second.load_state_dict(this.File);
        Assert.Equal(Bits.Of(first), Bits.Of(second));
        using var third = Make(3);
        using var stream = new MemoryStream([.. Stream(third), .. new byte[100]]);
        second.load_state_dict(new BinaryReader(stream));
        Assert.Equal(Bits.Of(third), Bits.Of(second));
    }

    [Fact]
    public void A_file_shorter_than_the_name_of_the_class_is_no_state()
    {
        using var other = Make(3);
        var before = Bits.Of(other);
        for (var length = 0; length < 5; length++)
        {
            System.IO.File.WriteAllBytes(this.File, Stream(other)[..length]);
            Assert.Throws<InvalidDataException>(() => other.load_state_dict(this.File));
        }

        Assert.Equal(before, Bits.Of(other));
    }

    [Fact]
    public void Another_number_of_parameters_or_groups_is_a_mismatch_and_leaves_nothing_open()
    {
        using var one = new AdamW([Stepped(1)]);
        using var two = new AdamW([Stepped(1), Stepped(2)]);
        using var groups = new AdamW([Stepped(1)]);
        groups.add_param_group(new AdamW.ParamGroup([Stepped(2)]));
        foreach (var (from, to) in new[] { (one, two), (two, one), (one, groups), (groups, one) })
        {
            var before = Bits.Of(to);
            using var reader = new BinaryReader(new MemoryStream(Stream(from)));
            Assert.Contains("the state dict", Assert.Throws<CheckpointMismatchException>(() => to.load_state_dict(reader)).Message, StringComparison.Ordinal);
            Assert.Equal(before, Bits.Of(to));
            to.step();
        }
    }

    [Fact]
    public void What_differs_in_a_state_dict_is_said_of_the_state_dict()
    {
        using var first = new AdamW([("a", Stepped(1))]);
        using var second = new AdamW([("b", Stepped(1))]);
        using var reader = new BinaryReader(new MemoryStream(Stream(first)));
        Assert.Contains("AdamW: the state dict", Assert.Throws<CheckpointMismatchException>(() => second.load_state_dict(reader)).Message, StringComparison.Ordinal);
        Assert.Contains("AdamW: the state dict", Assert.ThrowsAny<ArgumentException>(() => second.load_state_dict(first.state_dict())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_is_copied_from_one_of_the_same_rule_shape_and_type_and_from_no_other()
    {
        using var first = Make(1);
        using var second = Make(2);
        var (from, to) = (first.States.Last(), second.States.Last());
        Assert.False(to.ApproximatelyEquals(from));
        to.LoadStateDict(from);
        Assert.True(to.ApproximatelyEquals(from));
        Assert.Equal(from.Step, to.Step);

        using var adam = new Adam([Stepped(1, 4, 5)]);
        using var bare = new Soap([Stepped(1, 5, 4)]);
        var before = Bits.Of(second);
        Assert.Contains("Adam cannot be loaded into Soap", Assert.Throws<ArgumentException>(() => to.LoadStateDict(adam.States.Single())).Message, StringComparison.Ordinal);
        Assert.Contains("shape", Assert.Throws<CheckpointMismatchException>(() => to.LoadStateDict(bare.States.Single())).Message, StringComparison.Ordinal);
        Assert.Equal(before, Bits.Of(second));
    }

    [Fact]
    public void Parts_in_another_order_or_of_another_kind_are_refused_and_nothing_is_taken()
    {
        using var optimizer = new AdamW([("a", Stepped(1))]);
        optimizer.add_param_group(new AdamW.ParamGroup([("b", Stepped(2))]));
        optimizer.step();
        var groups = optimizer.ParamGroups.Cast<TorchSharp.Modules.ParamGroup>().Select(static group => group.Options).ToArray();
        var states = optimizer.States.ToArray();
        var (group, state) = (Part(groups[0].SaveStateDict), Part(states[0].SaveStateDict));
        var before = Bits.Of(optimizer);

        groups[0].LoadStateDict(group());
        Refused(() => states[0].LoadStateDict(state()), "a part was left out");
        groups[0].LoadStateDict(group());
        groups[1].LoadStateDict(group());
        Refused(() => groups[0].LoadStateDict(group()), "a part was left out");
        Refused(() => groups[0].LoadStateDict(state()), "no hyperparameters where they are expected");
        groups[0].LoadStateDict(group());
        groups[1].LoadStateDict(group());
        Refused(() => states[0].LoadStateDict(group()), "no state of a parameter where it is expected");
        Refused(() => states[0].LoadStateDict(group()), "no state of a parameter where it is expected");
        Refused(() => new AdamW.Options().LoadStateDict(state()), "no hyperparameters where they are expected");

        void Refused(Action action, string message)
        {
            Assert.Contains(message, Assert.Throws<InvalidDataException>(action).Message, StringComparison.Ordinal);
            Assert.Equal(before, Bits.Of(optimizer));
        }
    }

    [Fact]
    public void A_load_that_is_open_is_not_saved_over()
    {
        using var optimizer = Make(1);
        var options = optimizer.ParamGroups.Cast<TorchSharp.Modules.ParamGroup>().Single().Options;
        options.LoadStateDict(Part(options.SaveStateDict)());
        Assert.Contains("nothing has been taken", Assert.Throws<InvalidOperationException>(() => optimizer.Save(this.File)).Message, StringComparison.Ordinal);
        Assert.Empty(this.folder.Files);
        optimizer.Save(this.File);
    }

    [Fact]
    public void A_number_out_of_range_is_named_with_its_group_and_not_written()
    {
        using var optimizer = new AdamW([Stepped(1)]);
        optimizer.add_param_group(new AdamW.ParamGroup([Stepped(2)]));
        var options = optimizer.ParamGroups.Cast<TorchSharp.Modules.ParamGroup>().Last().Options;
        options.LearningRate = -1;
        Assert.Contains("AdamW, parameter group 1", Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Save(this.File)).Message, StringComparison.Ordinal);
        Assert.Empty(this.folder.Files);
        using var stream = new MemoryStream();
        Assert.Contains("AdamW", Assert.Throws<ArgumentOutOfRangeException>(() => options.SaveStateDict(new BinaryWriter(stream))).Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Theory]
    [InlineData(51)]
    [InlineData(100)]
    public void A_length_just_beyond_the_end_is_told_from_data_that_breaks_off(long length)
    {
        using var stream = new MemoryStream();
        stream.Write("OPTBIAS\u0001"u8);
        stream.Write(BitConverter.GetBytes(length));
        stream.Write(new byte[50]);
        stream.Position = 0;
        Assert.Contains($"claims {length} bytes of state, more than there are", Assert.Throws<InvalidDataException>(() => StatePiece.ReadFile(new BinaryReader(stream), "test")).Message, StringComparison.Ordinal);
        using var unseekable = new BinaryReader(new Unseekable(stream.ToArray()));
        Assert.Contains("ends in the middle", Assert.Throws<InvalidDataException>(() => StatePiece.ReadFile(unseekable, "test")).Message, StringComparison.Ordinal);
    }

    /// <summary>A stream whose length is not known is read in portions of a megabyte.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(300_000)]
    [InlineData(1_000_000)]
    public void A_part_of_several_portions_is_read_whole(int elements)
    {
        var numbers = Enumerable.Range(0, elements).Select(static i => (double)i).ToArray();
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            StatePiece.Write(writer, new SafeTensorsFile([SafeTensor.Of("numbers", [elements], numbers)], [new("key", "value")]));
        foreach (var source in new System.IO.Stream[] { new MemoryStream(stream.ToArray()), new Unseekable(stream.ToArray()) })
        {
            var file = StatePiece.ReadFile(new BinaryReader(source), "test");
            Assert.Equal("value", file.Metadata["key"]);
            Assert.True(file["numbers"].Bytes.SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(numbers)));
        }
    }

    private static Func<BinaryReader> Part(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        write(new BinaryWriter(stream));
        var bytes = stream.ToArray();
        return () => new BinaryReader(new MemoryStream(bytes));
    }

    private static Soap Make(int seed)
    {
        var optimizer = new Soap([Stepped(seed, 3), Stepped(seed + 1, 4, 5)], lr: 0.1 * seed);
        optimizer.step();
        optimizer.step();
        return optimizer;
    }

    private static Parameter Stepped(float gradient, params long[] shape) =>
        new(ones(shape.Length == 0 ? [3] : shape)) { grad = arange(1, 1 + (shape.Length == 0 ? 3 : shape.Aggregate(1L, (a, b) => a * b)), dtype: ScalarType.Float32).reshape(shape.Length == 0 ? [3] : shape).mul(0).add(gradient) };

    private static byte[] Stream(DeclaredOptimizer optimizer)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            optimizer.save_state_dict(writer);
        return stream.ToArray();
    }

    /// <summary>As a pipe or a socket: neither length nor place is known.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }
    }
}
