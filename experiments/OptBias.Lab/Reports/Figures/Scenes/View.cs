using OptBias.Lab.Statistics;

namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>
/// What an axis shows: every estimate, and intervals as far as they do not press the estimates into a corner. With three seeds one interval may be
/// ten times as long as everything else; it then goes on beyond the frame, and the figure says so.
/// </summary>
/// <param name="Values">The values that the axis shows.</param>
/// <param name="IsCut">Whether an interval goes on beyond them.</param>
internal sealed record View(IReadOnlyList<double> Values, bool IsCut)
{
    /// <summary>What a figure says where an interval is cut.</summary>
    public const string Note = "An interval that reaches the frame goes on beyond it; point at its mark for the ends.";

    /// <summary>How much of the estimates' own span an interval may add on either side.</summary>
    private const double Share = 0.6;

    public static View Of(Axis axis, IEnumerable<Interval> intervals, IEnumerable<double> others)
    {
        double Position(double value) => axis.Logarithmic ? Math.Log10(value) : value;
        Interval[] all = [.. intervals.Where(i => i.IsDefined && (!axis.Logarithmic || i.Estimate > 0))];
        double[] ends = [.. all.SelectMany(i => (double[])[i.Low, i.High]).Where(end => double.IsFinite(end) && (!axis.Logarithmic || end > 0))];
        double[] fixedValues = [.. all.Select(i => i.Estimate), .. others];
        double[] estimates = [.. all.Select(i => Position(i.Estimate))];
        var span = estimates.Length == 0 ? 0 : estimates.Max() - estimates.Min();
        if (span == 0)
            return new([.. fixedValues, .. ends], false);
        bool Fits(double end) => Position(end) >= estimates.Min() - (Share * span) && Position(end) <= estimates.Max() + (Share * span);
        double[] far = [.. ends.Where(end => !Fits(end))];
        double Edge(double position) => axis.Logarithmic ? Math.Pow(10, position) : position;
        double[] edges =
        [
            .. far.Any(end => Position(end) < estimates.Min()) ? [Edge(estimates.Min() - (Share * span))] : Array.Empty<double>(),
            .. far.Any(end => Position(end) > estimates.Max()) ? [Edge(estimates.Max() + (Share * span))] : Array.Empty<double>(),
        ];

        // An axis with fixed ends cuts nothing that lies between them.
        var isCut = far.Any(end => (Position(end) < estimates.Min() ? axis.Minimum : axis.Maximum) is null);
        return new([.. fixedValues, .. ends.Where(Fits), .. edges], isCut);
    }
}
