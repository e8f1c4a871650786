using OptBias.Generators.Emission;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record OrthogonalizeStage
{
    public override void Lower(LoweringContext context)
    {
        context.PreconditionerInput = context.Update;
        context.PreconditionerStart = 1;
        var steps = Text.Integer(this.Steps);
        context.Update = context.Matrix(
            new MatrixStage
            {
                Name = this.Qualify("orthogonalize"),
                TurnsWithCoordinates = true,
                Apply = $"global::OptBias.LinearAlgebra.NewtonSchulz.Orthogonalize(input, output, {steps}, global::OptBias.NewtonSchulzCoefficients.{this.Coefficients}, work);",
                Result = new($"NewtonSchulz₍{Subscript(steps)}₎({{0}})", $"\\operatorname{{NewtonSchulz}}_{{{steps}}}({{0}})"),
            },
            context.Update,
            context.Update);
    }

    private static string Subscript(string digits) => string.Concat(digits.Select(d => (char)('₀' + (d - '0'))));
}
