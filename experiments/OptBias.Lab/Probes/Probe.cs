using System.Diagnostics;
using OptBias.Lab.Probes.Rules;

namespace OptBias.Lab.Probes;

/// <summary>A problem whose solutions are known exactly, on which a rule shows which of them it prefers.</summary>
/// <remarks>Everything is float64, full batch, and the same on every run. Nothing here knows the name of an optimizer.</remarks>
public abstract class Probe
{
    /// <summary>Its name: <c>margin</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Its title.</summary>
    public abstract string Title { get; }

    /// <summary>The problem with its sizes, the step size, and the exact reference.</summary>
    public abstract string Problem { get; }

    /// <summary>What theory says, in words.</summary>
    public abstract string Prediction { get; }

    /// <summary>Who says so.</summary>
    public abstract string Source { get; }

    /// <summary>Where the prediction is known not to hold, and why; may be empty.</summary>
    public virtual string Exceptions => "";

    /// <summary>What is measured.</summary>
    public abstract IReadOnlyList<ProbeMeasure> Measures { get; }

    /// <summary>How the exact references were certified: a line for each.</summary>
    public virtual IReadOnlyList<string> Certificates => [];

    /// <summary>Probes a rule. A rule that diverges, or that has nothing for a parameter's shape, is an outcome and not an error.</summary>
    public ProbeOutcome Run(ProbeRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var clock = Stopwatch.StartNew();
        var steps = 0;
        IReadOnlyDictionary<string, double> values = new Dictionary<string, double>();
        string? failure = null;
        try
        {
            values = this.Measure(rule, out steps);
            if (values.Values.All(double.IsNaN))
                failure = "the rule left the finite numbers";
        }
        catch (DivergedException e)
        {
            failure = e.Message;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            failure = $"cannot run here: {e.Message.ReplaceLineEndings(" ")}";
        }

        return new() { Probe = this.Name, Rule = rule.Name, Values = values, Steps = steps, Failure = failure, Seconds = clock.Elapsed.TotalSeconds };
    }

    /// <summary>Solves the problem with the rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="steps">Steps taken.</param>
    protected abstract IReadOnlyDictionary<string, double> Measure(ProbeRule rule, out int steps);
}
