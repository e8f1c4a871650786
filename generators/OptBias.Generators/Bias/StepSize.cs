using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>A bound of the update that holds for every gradient.</summary>
/// <param name="Norm">In which norm.</param>
/// <param name="Value">The bound, or the factor of the length that sets it.</param>
/// <param name="ScalesWithShape">Whether √max(1, rows / columns) is still to be multiplied with.</param>
internal readonly record struct StepSize(StepNorm Norm, double Value, bool ScalesWithShape)
{
    public static readonly StepSize None = new(StepNorm.None, double.NaN, false);

    /// <summary>The bound of an update.</summary>
    /// <param name="update">u.</param>
    /// <param name="length">What its length is set to; null where nothing sets it.</param>
    public static StepSize Of(Expression update, Expression? length)
    {
        if (length is not null)
            return OfLength(length);
        var scale = 1.0;
        var scalesWithShape = false;
        while (update.Operation == Operation.Multiply && update.Operands[0].IsUniform())
        {
            if (IsShapeScale(update.Operands[0]) && !scalesWithShape)
                scalesWithShape = true;
            else
                scale *= Math.Abs(update.Operands[0].Number());
            update = update.Operands[1];
        }

        if (double.IsNaN(scale))
            return None;
        if (update is { Operation: Operation.Matrix } && update.Matrix.Behaviour is { Norm: not StepNorm.None } behaviour)
            return new(behaviour.Norm, scale * behaviour.Bound, scalesWithShape);
        var bound = scale * Largest(update);
        return double.IsNaN(bound) || double.IsInfinity(bound) ? None : new(StepNorm.Element, bound, scalesWithShape);
    }

    private static StepSize OfLength(Expression length)
    {
        var factor = 1.0;
        while (length.Operation is Operation.Multiply or Operation.Divide && !double.IsNaN(length.Operands[0].Number()))
            (factor, length) = (factor * length.Operands[0].Number(), length.Operands[1]);
        if (length.Number() is var number && !double.IsNaN(number))
            return new(StepNorm.Frobenius, Math.Abs(factor * number), false);
        var ofParameter = IsNorm(length, out var vector) && vector.Operation == Operation.Load && vector.Tensor.Role == TensorRole.Parameter;
        return new(ofParameter ? StepNorm.ParameterLength : StepNorm.GraftedLength, factor, false);
    }

    /// <summary>√Σ x².</summary>
    public static bool IsNorm(Expression e, out Expression vector)
    {
        vector = e;
        if (e.Operation != Operation.Sqrt || e.Operands[0].Operation != Operation.Sum || e.Operands[0].Scope != SumScope.Tensor)
            return false;
        var square = e.Operands[0].Operands[0];
        vector = square.Operands.IsEmpty ? square : square.Operands[0];
        return square.Operation == Operation.Multiply && square.Operands[0] == square.Operands[1];
    }

    /// <summary>The norm of a value, or of what linear stages turn into the value.</summary>
    public static bool IsNormOf(Expression e, Expression x) => IsNorm(e, out var vector) && IsLinearIn(x, vector);

    private static bool IsLinearIn(Expression x, Expression vector) =>
        x == vector || (x.Operation == Operation.Matrix && x.Matrix.IsLinear && IsLinearIn(x.Operands[0], vector));

    private static bool IsShapeScale(Expression e) =>
        e.Operation == Operation.Sqrt && e.Operands[0] is { Operation: Operation.Max } ratio && ratio.Operands[0] is { Operation: Operation.Divide } quotient && quotient.Operands.All(o => o.Operation == Operation.Shape);

    /// <summary>The largest absolute value that an element can have; ∞ where there is none.</summary>
    private static double Largest(Expression e)
    {
        double Operand(int k) => Largest(e.Operands[k]);
        switch (e.Operation)
        {
            case Operation.Constant or Operation.Hyper:
                return Math.Abs(e.Number());
            case Operation.Sign or Operation.Tanh:
                return 1;
            case Operation.Add or Operation.Subtract:
                return Operand(0) + Operand(1);
            case Operation.Multiply:
                return Times(Operand(0), Operand(1));
            case Operation.Divide:
                return Operand(0) / Math.Abs(e.Operands[1].Number());
            case Operation.Negate or Operation.Abs or Operation.CopySign:
                return Operand(0);
            case Operation.Clamp:
                return Math.Max(Operand(1), Operand(2));
            case Operation.Min or Operation.Max:
                return e.SymmetricallyClamped() is not null ? Math.Min(Operand(0), Operand(1)) : Math.Max(Operand(0), Operand(1));
            case Operation.Select:
                return Math.Max(Operand(1), Operand(2));
            default:
                return double.PositiveInfinity;
        }
    }

    private static double Times(double a, double b) => a == 0 || b == 0 ? 0 : a * b;
}
