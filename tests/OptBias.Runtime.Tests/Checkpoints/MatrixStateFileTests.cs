using System.Text;
using OptBias.LinearAlgebra;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>The state of a matrix stage alone: it is read by name, and only into one of the same structure.</summary>
public sealed class MatrixStateFileTests
{
    [Fact]
    public void What_was_written_is_read_and_goes_on_alike()
    {
        using var first = Shampoo(3, 4);
        Step(first, 1, 2, 3);
        using var second = Shampoo(3, 4);
        second.Load(new BinaryReader(Written(first)));
        Assert.Equal(Text(first), Text(second));
        Step(first, 4, 5);
        Step(second, 4, 5);
        Assert.Equal(Text(first), Text(second));
    }

    [Theory]
    [InlineData(4, 3, "is Float64 [3, 3], this one is Float64 [4, 4]")]
    [InlineData(3, 1, "It was saved for another shape or with other settings")]
    [InlineData(6, 8, "is Float64 [3, 3], this one is Float64 [6, 6]")]
    public void State_of_another_shape_changes_nothing(long rows, long columns, string message)
    {
        using var first = Shampoo(3, 4);
        Step(first, 1);
        using var second = Shampoo(rows, columns);
        var before = Text(second);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => second.Load(new BinaryReader(Written(first)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => second.CopyFrom(first));
        Assert.Equal(before, Text(second));
    }

    [Fact]
    public void State_of_more_blocks_of_bases_or_of_another_kind_changes_nothing()
    {
        using var first = Shampoo(4, 4);
        Step(first, 1);
        using var blocks = Shampoo(4, 4, new KroneckerSettings { MaxDimension = 2 });
        using var bases = Shampoo(4, 4, new KroneckerSettings { StalenessTolerance = 0.5 });
        using var waiting = Shampoo(4, 4, new KroneckerSettings { Asynchronous = true });
        using var basis = new KroneckerBasis([4, 4], ScalarType.Float64, CPU, new KroneckerBasisSettings(), "w");
        foreach (var other in new IMatrixState[] { blocks, bases, waiting, basis })
        {
            var before = Text(other);
            Assert.Contains("factor_0", Assert.Throws<InvalidDataException>(() => other.Load(new BinaryReader(Written(first)))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => other.CopyFrom(first));
            Assert.Throws<InvalidDataException>(() => first.Load(new BinaryReader(Written(other))));
            Assert.Equal(before, Text(other));
        }
    }

    [Theory]
    [InlineData("counters", "last_refresh=1 failures=0", "last_refresh=-1 failures=0", "last_refresh is -1")]
    [InlineData("counters", "last_refresh=1 failures=0", "last_refresh=1 failures=4", "failures is 4, which is not in [0, 3]")]
    [InlineData("counters", "last_refresh=1 failures=0", "last_refresh=1", "has the counters 'last_refresh=1', this one last_refresh, failures")]
    [InlineData("counters", "last_refresh=1 failures=0", "last_refresh=1 failures=0 more=1", "has the counters")]
    [InlineData("counters", "last_refresh=1 failures=0", "last_refresh=1 failure=0", "has the counters")]
    [InlineData("counters", "last_refresh=1 failures=0", "last_refresh=x failures=0", "has the counters")]
    [InlineData("counters", "last_refresh=1 failures=0", "failures=0 last_refresh", "has the counters")]
    public void Counters_that_no_state_has_change_nothing(string key, string old, string replacement, string message)
    {
        using var first = Shampoo(3, 4);
        Step(first, 1);
        var file = StatePiece.ReadFile(new BinaryReader(Written(first)), "w");
        Assert.Equal(old, file.Metadata[key]);
        using var second = Shampoo(3, 4);
        var before = Text(second);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => second.Load(new BinaryReader(Written(new SafeTensorsFile(file, [new(key, replacement)]))))).Message, StringComparison.Ordinal);
        Assert.Equal(before, Text(second));
    }

    [Fact]
    public void A_tensor_of_another_name_or_type_changes_nothing()
    {
        using var first = Shampoo(3, 4);
        Step(first, 1);
        var file = StatePiece.ReadFile(new BinaryReader(Written(first)), "w");
        using var second = Shampoo(3, 4);
        var before = Text(second);
        SafeTensor[][] changed =
        [
            [.. file.Select(t => t.Name == "root_1" ? new SafeTensor("root_2", t.Type, t.Shape, t.Bytes.ToArray()) : t)],
            [.. file.Select(t => t.Name == "root_1" ? new SafeTensor(t.Name, SafeTensorType.I64, t.Shape, t.Bytes.ToArray()) : t)],
            [.. file.Where(t => t.Name != "root_1")],
            [.. file, SafeTensor.Of("more", [1], [1.0])],
        ];
        foreach (var tensors in changed)
            Assert.Throws<InvalidDataException>(() => second.Load(new BinaryReader(Written(new SafeTensorsFile(tensors, file.Metadata)))));
        Assert.Equal(before, Text(second));
    }

    [Fact]
    public void What_was_copied_goes_on_alike()
    {
        using var first = Shampoo(3, 4);
        Step(first, 1, 2, 3);
        using var second = Shampoo(3, 4);
        second.CopyFrom(first);
        Assert.Equal(Text(first), Text(second));
        Step(first, 4, 5);
        Assert.NotEqual(Text(first), Text(second));
        Step(second, 4, 5);
        Assert.Equal(Text(first), Text(second));
    }

    [Fact]
    public void States_of_other_names_are_not_copied_nor_equal()
    {
        using var first = new CarriedNumbers("w", "slow", "fast");
        using var second = new CarriedNumbers("w", "slow", "fastest");
        using var same = new CarriedNumbers("w", "slow", "fast");
        first.Write([1, 2]);
        Assert.Contains("the other state has (slow, fast), this one (slow, fastest)", Assert.Throws<ArgumentException>(() => second.CopyFrom(first)).Message, StringComparison.Ordinal);
        Assert.Equal("(0)(0)", string.Concat(second.Tensors.Select(static t => $"({t.Value.item<double>()})")));
        Assert.Contains("the saved state has (slow, fast), this one (slow, fastest)", Assert.Throws<InvalidDataException>(() => second.Load(new BinaryReader(Written(first)))).Message, StringComparison.Ordinal);
        same.CopyFrom(first);
        Assert.True(same.ApproximatelyEquals(first));
        second.Write([1, 2]);
        Assert.False(second.ApproximatelyEquals(first));
    }

    [Fact]
    public void Equal_are_states_of_the_same_counters_names_types_shapes_and_nearly_the_same_numbers()
    {
        using var state = Shampoo(3, 4);
        Step(state, 1, 2);
        Assert.True(Like(static _ => { }).ApproximatelyEquals(state));
        Assert.True(Like(static other => other.Tensors[0].Value.mul_(1 + 1e-9)).ApproximatelyEquals(state));
        Assert.False(Like(static other => other.Tensors[^1].Value.mul_(1.01)).ApproximatelyEquals(state));
        Assert.False(Like(static other => other.SetCounters([2, 0])).ApproximatelyEquals(state));
        using var longer = Shampoo(4, 3);
        using var blocks = Shampoo(3, 4, new KroneckerSettings { MaxDimension = 2 });
        using var more = Shampoo(3, 4, new KroneckerSettings { StalenessTolerance = 0.5 });
        using var narrow = new KroneckerPreconditioner([3, 4], ScalarType.Float32, CPU, new KroneckerSettings(), "w");
        using var empty = Shampoo(3, 4);
        foreach (var other in new[] { longer, blocks, more, narrow })
        {
            Assert.False(other.ApproximatelyEquals(empty));
            Assert.False(empty.ApproximatelyEquals(other));
        }

        KroneckerPreconditioner Like(Action<KroneckerPreconditioner> change)
        {
            var other = Shampoo(3, 4);
            other.CopyFrom(state);
            change(other);
            return other;
        }
    }

    public static TheoryData<Type> Kinds => [.. typeof(IMatrixState).Assembly.GetTypes().Where(static type => type is { IsClass: true, IsAbstract: false } && typeof(IMatrixState).IsAssignableFrom(type))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_state_is_written_read_and_copied(Type kind)
    {
        using var scope = NewDisposeScope();
        using var learnt = Make(kind);
        using var read = Make(kind);
        using var copied = Make(kind);
        Learn(learnt);
        Assert.NotEqual(Text(learnt), Text(read));
        Assert.False(read.ApproximatelyEquals(learnt));
        read.Load(new BinaryReader(Written(learnt)));
        copied.CopyFrom(learnt);
        foreach (var state in new[] { read, copied })
        {
            Assert.Equal(Text(learnt), Text(state));
            Assert.True(state.ApproximatelyEquals(learnt));
            state.To(CPU);
            Assert.Equal(Text(learnt), Text(state));
        }

        Assert.Throws<ArgumentException>(() => learnt.SetCounters(new long[learnt.Counters.Count + 1]));
        Assert.Equal(Text(read), Text(learnt));
    }

    private static IMatrixState Make(Type kind) => kind.Name switch
    {
        nameof(KroneckerPreconditioner) => Shampoo(3, 4, new KroneckerSettings { MaxDimension = 3, StalenessTolerance = 0.1, Asynchronous = true }),
        nameof(KroneckerBasis) => new KroneckerBasis([3, 4], ScalarType.Float32, CPU, new KroneckerBasisSettings(), "w"),
        nameof(FactoredMoment) => new FactoredMoment([3, 4], ScalarType.Float32, CPU, "w"),
        nameof(TopSingularPair) => new TopSingularPair([3, 4], ScalarType.Float32, CPU, "w"),
        nameof(CarriedNumbers) => new CarriedNumbers("w", "slow", "fast"),
        _ => throw new NotSupportedException($"{kind} is a new matrix state: say here how one is made, and how it learns."),
    };

    private static void Learn(IMatrixState state)
    {
        var gradient = randn([3, 4], dtype: state is KroneckerPreconditioner ? ScalarType.Float64 : ScalarType.Float32, generator: new Generator(1));
        switch (state)
        {
            case KroneckerPreconditioner preconditioner:
                preconditioner.Update(gradient, 1, 0.9, 1e-6, 1);
                preconditioner.Update(gradient, 2, 0.9, 1e-6, 1);
                break;
            case KroneckerBasis basis:
                basis.Prepare(gradient, 0.9);
                break;
            case FactoredMoment moment:
                moment.Update(gradient, 0.9, 0.1, 0);
                break;
            case TopSingularPair pair:
                pair.Apply(gradient, zeros_like(gradient), 1);
                break;
            case CarriedNumbers numbers:
                numbers.Write([1, 2]);
                break;
        }
    }

    private static KroneckerPreconditioner Shampoo(long rows, long columns, KroneckerSettings? settings = null) =>
        new([rows, columns], ScalarType.Float64, CPU, settings ?? new KroneckerSettings(), "w");

    private static void Step(KroneckerPreconditioner state, params int[] steps)
    {
        foreach (var step in steps)
        {
            using var generator = new Generator((ulong)step);
            using var gradient = randn([.. state.Partition.Dimensions], dtype: ScalarType.Float64, generator: generator);
            state.Update(gradient, step, 0.9, 1e-6, updateEvery: 2);
        }
    }

    private static string Text(IMatrixState state) =>
        Bits.Of(state.Tensors.Select(t => t.Value)) + string.Join(' ', state.Counters.Select(c => $"{c.Name}={c.Value}"));

    private static MemoryStream Written(IMatrixState state)
    {
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            state.Save(writer);
        stream.Position = 0;
        return stream;
    }

    private static MemoryStream Written(SafeTensorsFile file)
    {
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            StatePiece.Write(writer, file);
        stream.Position = 0;
        return stream;
    }
}
