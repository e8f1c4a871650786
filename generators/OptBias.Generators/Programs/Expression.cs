using System.Collections.Immutable;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>
/// A node of the expression graph. Nodes are made by <see cref="ExpressionGraph"/> alone, which makes equal ones once: two
/// expressions are the same value exactly when they are the same object.
/// </summary>
internal sealed class Expression
{
    internal Expression(ExpressionGraph graph, int id, Operation operation, ImmutableArray<Expression> operands, object? payload, Rate rate, int level)
    {
        this.Graph = graph;
        this.Id = id;
        this.Operation = operation;
        this.Operands = operands;
        this.Payload = payload;
        this.Rate = rate;
        this.Level = level;
    }

    public ExpressionGraph Graph { get; }

    /// <summary>Order of creation; operands come before what uses them.</summary>
    public int Id { get; }

    public Operation Operation { get; }

    public ImmutableArray<Expression> Operands { get; }

    /// <summary>How often the value changes.</summary>
    public Rate Rate { get; }

    /// <summary>How many sums and matrix stages lie below it: the earliest pass that can compute it.</summary>
    public int Level { get; }

    /// <summary>The quantity's own name, if it has one; it then gets a line of its own in code and in the equations.</summary>
    public Symbol? Symbol { get; private set; }

    /// <summary>The literal of a <see cref="Operation.Constant"/>.</summary>
    public double Value => (double)this.Payload!;

    /// <summary>The hyperparameter of a <see cref="Operation.Hyper"/>.</summary>
    public ProgramHyperparameter Hyperparameter => (ProgramHyperparameter)this.Payload!;

    /// <summary>The tensor of a <see cref="Operation.Load"/>.</summary>
    public TensorSlot Tensor => (TensorSlot)this.Payload!;

    /// <summary>The reach of a <see cref="Operation.Sum"/>.</summary>
    public SumScope Scope => (SumScope)this.Payload!;

    /// <summary>The number of a <see cref="Operation.Shape"/>.</summary>
    public ShapeNumber Shape => (ShapeNumber)this.Payload!;

    /// <summary>The number of a <see cref="Operation.Carried"/>.</summary>
    public CarriedNumber Carried => (CarriedNumber)this.Payload!;

    /// <summary>The method of a <see cref="Operation.PerStep"/>.</summary>
    public PerStepFunction PerStep => (PerStepFunction)this.Payload!;

    /// <summary>The stage of a <see cref="Operation.Matrix"/>.</summary>
    public MatrixStage Matrix => (MatrixStage)this.Payload!;

    internal object? Payload { get; }

    /// <summary>Gives the quantity a name.</summary>
    public Expression Named(Symbol symbol)
    {
        this.Symbol ??= symbol;
        return this;
    }

    public static Expression operator +(Expression a, Expression b) => a.Graph.Add(a, b);

    public static Expression operator -(Expression a, Expression b) => a.Graph.Subtract(a, b);

    public static Expression operator *(Expression a, Expression b) => a.Graph.Multiply(a, b);

    public static Expression operator /(Expression a, Expression b) => a.Graph.Divide(a, b);

    public static Expression operator -(Expression a) => a.Graph.Negate(a);

    public static Expression operator +(Expression a, double b) => a + a.Graph.Constant(b);

    public static Expression operator -(double a, Expression b) => b.Graph.Constant(a) - b;

    public static Expression operator -(Expression a, double b) => a - a.Graph.Constant(b);

    public static Expression operator *(double a, Expression b) => b.Graph.Constant(a) * b;

    public static Expression operator /(double a, Expression b) => b.Graph.Constant(a) / b;

    public Expression Sqrt() => this.Graph.Sqrt(this);

    public Expression Abs() => this.Graph.Unary(Operation.Abs, this);

    public Expression Sign() => this.Graph.Unary(Operation.Sign, this);

    public Expression Power(Expression exponent) => this.Graph.Power(this, exponent);

    public Expression Power(double exponent) => this.Graph.Power(this, this.Graph.Constant(exponent));

    public Expression Min(Expression other) => this.Graph.Binary(Operation.Min, this, other);

    public Expression Max(Expression other) => this.Graph.Binary(Operation.Max, this, other);
}

/// <summary>What a shape says of a parameter: as a matrix it is [first dimension, all others], a vector is one row.</summary>
internal enum ShapeNumber
{
    Rows,
    Columns,
    Elements,
}

/// <summary>Over what a sum is taken.</summary>
internal enum SumScope
{
    Tensor,
    Global,
}

/// <summary>A hyperparameter of a program: its declaration under its full name, and its place among the others.</summary>
internal sealed record ProgramHyperparameter(string Name, double Default, HyperparameterRange Range, Symbol Symbol, string Description, int Index)
{
    /// <summary>Whether the bias is judged where it is zero: an epsilon, a ridge, a decay.</summary>
    public bool Vanishes { get; init; }

    /// <summary>Of the place alone, which no other of the program has.</summary>
    public override int GetHashCode() => this.Index;
}
