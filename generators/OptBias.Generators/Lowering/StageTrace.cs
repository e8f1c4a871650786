using OptBias.Generators.Declarations;
using OptBias.Generators.Emission;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Lowering;

/// <summary>
/// What each stage of a declaration hands on. A value that a stage has made is wrapped in a mark of that stage, so that the
/// program can be asked whose work reaches the parameter, even where two stages compute the same value.
/// </summary>
internal sealed class StageTrace
{
    private readonly Dictionary<int, List<Expression>> marks = new();
    private readonly Dictionary<int, StageSignals> signals = new();

    /// <summary>The tensors of state: whose, by which name there, and which.</summary>
    public List<(Stage Stage, string Name, TensorSlot Slot)> States { get; } = [];

    /// <summary>The signals below each stage, by its place.</summary>
    public IReadOnlyDictionary<int, StageSignals> Signals => this.signals;

    /// <summary>The values that a stage has made; none if it has changed nothing.</summary>
    public IReadOnlyList<Expression> MarksOf(int stage) => this.marks.TryGetValue(stage, out var made) ? made : [];

    /// <summary>Whether a value is a mark.</summary>
    public static bool IsMark(Expression value) => value.Operation == Operation.Matrix && value.Matrix.Apply.Length == 0;

    /// <summary>The value after a stage: marked, if it is another than before.</summary>
    public Expression Mark(int stage, Expression? before, Expression after)
    {
        if (before == after)
            return after;
        var mark = after.Graph.Matrix(new MatrixStage { Name = "mark" + Text.Integer(stage), Apply = "", IsLinear = true, Behaviour = MatrixBehaviour.Identity, Result = new("{0}", "{0}") }, after, after);
        if (!this.marks.TryGetValue(stage, out var made))
            this.marks.Add(stage, made = []);
        made.Add(mark);
        return mark;
    }

    /// <summary>Keeps a tensor of state of a stage.</summary>
    public void Keeps(Stage stage, string name, TensorSlot slot) => this.States.Add((stage, name, slot));

    /// <summary>Keeps the signals below a stage. An L2 term acts twice, on the gradient and at its place: the last time counts.</summary>
    public void Acted(int stage, Expression update, Expression gradient) =>
        this.signals[stage] = new StageSignals(update, gradient);
}

/// <summary>The signals below a stage.</summary>
/// <param name="Update">u.</param>
/// <param name="Gradient">g.</param>
internal sealed record StageSignals(Expression Update, Expression Gradient);
