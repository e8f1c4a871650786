using System.Numerics.Tensors;
using OptBias.Lab.Probes.Certified;
using OptBias.Lab.Probes.Problems;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>
/// Separable classification with a linear model: the loss has no minimum, the weights grow for ever, and the direction in which
/// they grow is the rule's choice. Which norm's margin does it make large?
/// </summary>
/// <remarks>
/// <para>
/// The margin of W in a norm is <c>min_i ⟨A_i, W⟩ / ‖W‖</c>. Its maximum is the reciprocal of the smallest norm of a W with
/// <c>⟨A_i, W⟩ ≥ 1</c>, certified by <see cref="SmallestNorm"/>. A measure is the share of that maximum at the end.
/// </para>
/// <para>
/// Step t has the size <c>0.05 / (√t (L_t γ/√n)ᵖ)</c>, where L_t is the loss, γ the largest L2 margin, n the number of weights and p the
/// rule's degree in the gradient. At the end of the way the gradient has the length L_t γ, so its elements have the root mean square
/// L_t γ/√n: rules of every degree take steps of about equal length. A rule whose step is bounded in a norm other than that of the largest
/// element gets steps longer by √n over the length of such a step (<see cref="RuleProperties.StepLength"/>), for the same reason. L_t is the loss, but falls by at most 1% a step: where it falls faster,
/// an average of gradients is still as large as the loss was, and a step of that over the loss of today would run away.
/// </para>
/// </remarks>
public abstract class MarginProbe : Probe
{
    private const double Rate = 0.05;
    private const double SlowestFall = 0.99;
    private readonly Lazy<(ISeparable Problem, CertifiedNorm[] References)> exact;

    private protected MarginProbe(Func<ISeparable> problem, IReadOnlyList<Geometry> geometries) => this.exact = new(() =>
    {
        var made = problem();
        return (made, [.. geometries.Select(geometry => Reference(made, geometry))]);
    });

    /// <inheritdoc />
    public override IReadOnlyList<string> Certificates =>
        [.. this.exact.Value.References.Select(r => FormattableString.Invariant($"{r.Geometry}: largest margin {1 / r.Norm:0.00000000}, upper bound by the dual norm {1 / r.Bound:0.00000000}, relative gap {r.Gap:0.0e0}"))];

    /// <summary>Steps of a run.</summary>
    protected abstract int Steps { get; }

    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps)
    {
        var (problem, references) = this.exact.Value;
        using var run = new ProbeRun(rule, [problem.Rows, problem.Columns]);
        var degree = rule.Properties.StepDegree;
        var size = 1 / (references.Single(r => r.Geometry == Geometry.Frobenius).Norm * Math.Sqrt(run.Values().Length));
        var rate = Rate * Math.Sqrt(run.Values().Length) / rule.Properties.StepLength(problem.Rows, problem.Columns);
        if (rule.Properties.SeesOrigin)
            run.Values().Fill(1e-4);
        var loss = 0.0;
        for (var t = 1; t <= this.Steps; t++)
        {
            loss = Math.Max(problem.LossAndGradient(run.Values(), run.Gradient()), SlowestFall * loss);
            run.Step(rate / (Math.Sqrt(t) * Math.Pow(loss * size, degree)));
        }

        steps = run.Steps;
        var weights = run.Values().ToArray();
        var margin = problem.Conditions.Min(a => TensorPrimitives.Dot<double>(a, weights));
        return references.Select((r, i) => (this.Measures[i].Name, Share: margin / r.Geometry.Norm(weights, problem.Columns) * r.Norm)).ToDictionary(m => m.Name, m => m.Share);
    }

    private static CertifiedNorm Reference(ISeparable problem, Geometry geometry)
    {
        var smallest = problem.Conditions.Min(a => TensorPrimitives.Dot<double>(a, problem.Teacher));
        return SmallestNorm.Of(geometry, problem.Columns, problem.Conditions, [.. problem.Conditions.Select(_ => 1.0)], [.. problem.Teacher.Select(w => 2 * w / smallest)]);
    }
}
