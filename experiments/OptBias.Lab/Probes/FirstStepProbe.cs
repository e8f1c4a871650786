using System.Numerics.Tensors;
using OptBias.Lab.Data;
using OptBias.Lab.Probes.Certified;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>The first step from a random matrix with a random gradient: in which norm is it steepest descent?</summary>
/// <remarks>
/// Exact: the direction of steepest descent in a norm is the element of the unit ball that has the largest product with the gradient; it
/// is known in closed form. A measure is that product of the step, over the largest (the dual norm of the gradient): 1 for steepest
/// descent in that norm and for nothing else.
/// </remarks>
public sealed class FirstStepProbe : Probe
{
    private const int Rows = 8;
    private const int Columns = 12;
    private static readonly Geometry[] Geometries = Enum.GetValues<Geometry>();

    /// <inheritdoc />
    public override string Name => "first-step";

    /// <inheritdoc />
    public override string Title => "First step";

    /// <inheritdoc />
    public override string Problem => "One step of an 8 × 12 matrix along a random gradient G. Exact: the largest product ⟨G, S⟩ of a step with ‖S‖ = 1 is the dual norm of G. The measure is ⟨G, S⟩ / (‖S‖ ‖G‖_*).";

    /// <inheritdoc />
    public override string Prediction => "The first step of gradient descent is steepest in the Frobenius norm, that of a rule that sees no units in the max norm, that of a rule that turns with rows and columns in the spectral norm; a rule whose step is bounded in a norm is steepest in that norm.";

    /// <inheritdoc />
    public override string Source => "Bernstein and Newhouse 2024 (arXiv 2409.20325)";

    /// <inheritdoc />
    public override string Exceptions => "Newton-Schulz with Muon's coefficients leaves singular values between 0.7 and 1.2, so its share is that of their mean to their largest. A rule that works in a basis made from the same gradient divides rounding by rounding outside of the diagonal there.";

    /// <inheritdoc />
    public override IReadOnlyList<ProbeMeasure> Measures { get; } =
    [
        .. Geometries.Select(static geometry => new ProbeMeasure
        {
            Name = $"first-step.{NameOf(geometry)}",
            Title = geometry == Geometry.Frobenius ? "Frobenius" : geometry == Geometry.L1 ? "L1" : NameOf(geometry),
            Description = $"Product of step and gradient over the largest that a step of the same {(geometry == Geometry.L1 ? "L1" : NameOf(geometry))} norm can have.",
            Predicts = geometry switch
            {
                Geometry.Spectral => static p => p.DirectionRotatesRowsAndColumns && !p.RotatesAsAWhole && p.StepNorm != StepNorm.Nuclear,
                Geometry.Frobenius => static p => p.RotatesAsAWhole,
                Geometry.Max => static p => p.SeesNoUnits,
                Geometry.Nuclear => static p => p.StepNorm == StepNorm.Nuclear,
                Geometry.L1 => static p => p.StepNorm == StepNorm.Sum,
                Geometry.Rows => static p => p.StepNorm == StepNorm.Row,
                _ => static p => p.StepNorm == StepNorm.Column,
            },
            AgreesFrom = 0.95,
        }),
    ];

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        var random = new SeededRandom(1, "first step");
        using var run = new ProbeRun(rule, [Rows, Columns]);
        var start = new double[Rows * Columns];
        for (var i = 0; i < start.Length; i++)
            (start[i], run.Gradient()[i]) = (random.NextNearlyNormal(), random.NextNearlyNormal());
        start.CopyTo(run.Values());
        var gradient = run.Gradient().ToArray();

        // A rule whose first step is zero, since it has no statistics yet, takes its first real step later.
        var moved = new double[start.Length];
        while (run.Steps < 10 && TensorPrimitives.Norm<double>(moved) == 0)
        {
            run.Step(1e-6);
            TensorPrimitives.Subtract(start, run.Values(), moved);
        }

        steps = run.Steps;
        if (TensorPrimitives.Norm<double>(moved) == 0)
            throw new DivergedException($"in the limit of its ε the rule does not move in {steps} steps");
        return Geometries.ToDictionary(
            g => $"first-step.{NameOf(g)}",
            g => TensorPrimitives.Dot<double>(moved, gradient) / (g.Norm(moved, Columns) * g.DualNorm(gradient, Columns)));
    }

    private static string NameOf(Geometry geometry) => geometry == Geometry.L1 ? "sum" : geometry.ToString().ToLowerInvariant();
}
