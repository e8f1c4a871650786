using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>An update whose length something sets apart from its direction, <c>u = p · (L / ‖p‖)</c>: what a graft and a trust ratio write.</summary>
/// <param name="Direction">p.</param>
/// <param name="Length">L.</param>
internal sealed record Split(Expression Direction, Expression Length)
{
    /// <summary>The parts of an update; null where it is one.</summary>
    public static Split? Of(Expression update)
    {
        if (update.Operation != Operation.Multiply || !update.Operands[0].IsUniform())
            return null;
        var (scale, direction) = (update.Operands[0], update.Operands[1]);
        var graph = update.Graph;

        // κ (L / ‖p‖): the coefficient of a trust ratio.
        var quotient = scale;
        Expression? factor = null;
        if (scale.Operation == Operation.Multiply)
            (factor, quotient) = (scale.Operands[0], scale.Operands[1]);
        if (quotient.Operation != Operation.Divide || !StepSize.IsNorm(quotient.Operands[1], out var vector) || vector.Bare() != direction.Bare() || direction.IsUniform())
            return null;
        return new(direction, factor is null ? quotient.Operands[0] : graph.Multiply(factor, quotient.Operands[0]));
    }
}
