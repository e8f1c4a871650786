using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>The readings of one program by one table. Each is made when it is first asked for, since most questions need few of them.</summary>
internal sealed class Readings(LimitProgram program, BehaviourTable table)
{
    private readonly Dictionary<(Axis Axis, Maps Maps), SymmetryReading> symmetries = new();
    private DegreeReading? degree;
    private DegreeReading? units;
    private OriginReading? origin;
    private ZeroReading? zero;

    public LimitProgram Program { get; } = program;

    public BehaviourTable Table { get; } = table;

    public DegreeReading Degree => this.degree ??= new(this);

    public DegreeReading Units => this.units ??= new(this, byElement: true);

    public OriginReading Origin => this.origin ??= new(this);

    public ZeroReading Zero => this.zero ??= new(this);

    /// <summary>Whether nothing moves: the update is zero in every step.</summary>
    public bool IsStill => this.Degree.Of(this.Program.Update).IsZero;

    /// <summary>The reading for maps of an axis. Without stages on matrices, rows and columns are mapped as all elements are.</summary>
    public SymmetryReading Symmetry(Axis axis, Maps maps)
    {
        if (!this.Program.HasMatrices)
            axis = Axis.Elements;
        if (!this.symmetries.TryGetValue((axis, maps), out var reading))
            this.symmetries.Add((axis, maps), reading = new(this, axis, maps));
        return reading;
    }
}
