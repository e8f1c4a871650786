using OptBias.Generators.Bias;
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
                Behaviour = new()
                {
                    Elements = Maps.None,
                    Rows = Maps.Rotations,
                    Columns = Maps.Rotations,
                    Why = "Newton-Schulz mixes the elements of a row and of a column",
                    ForgetsLength = true,
                    Norm = StepNorm.Spectral,
                    Bound = this.LargestSingularValue(),
                },
                Result = new($"NewtonSchulz₍{Subscript(steps)}₎({{0}})", $"\\operatorname{{NewtonSchulz}}_{{{steps}}}({{0}})"),
            },
            context.Update,
            context.Update);
    }

    /// <summary>
    /// The largest singular value that can come out. Those that go in are at most 1, since the matrix is divided by its Frobenius
    /// norm, and each goes through the same polynomial.
    /// </summary>
    private double LargestSingularValue()
    {
        const int Points = 20_000;
        var (a, b, c) = this.Coefficients == NewtonSchulzCoefficients.Muon ? (3.4445, -4.7750, 2.0315) : (3, -16.0 / 5, 6.0 / 5);
        var largest = 0.0;
        for (var k = 1; k <= Points; k++)
        {
            var x = (double)k / Points;
            for (var step = 0; step < this.Steps; step++)
                x *= a + (x * x * (b + (c * x * x)));
            largest = Math.Max(largest, Math.Abs(x));
        }

        // Between two points it is hardly larger.
        return Math.Round(largest + 5e-4, 3);
    }

    private static string Subscript(string digits) => string.Concat(digits.Select(d => (char)('₀' + (d - '0'))));
}
