using System.Globalization;

namespace OptBias.Generators.Tests;

/// <summary>Holds the derived bias of an optimizer against what is seen.</summary>
internal sealed class BiasProof
{
    /// <summary>One for each size of a problem.</summary>
    private const int Tries = 4;

    /// <summary>So many more where nothing is seen of what is claimed to fail: a sign hides much.</summary>
    private const int MoreTries = 8;

    private readonly int seed;
    private readonly bool isThorough;

    /// <param name="descriptor">The optimizer.</param>
    /// <param name="seed">The seed of what it is tried on.</param>
    /// <param name="isThorough">Whether each claim is tried on both paths; otherwise they take turns.</param>
    public BiasProof(OptimizerDescriptor descriptor, int seed, bool isThorough)
    {
        (this.seed, this.isThorough) = (seed, isThorough);
        foreach (var rule in descriptor.Bias.Rules)
        {
            var evidence = new BiasEvidence(descriptor, rule);
            if (!Takes(descriptor, rule, evidence.Side))
                continue;
            foreach (var property in rule.Properties)
                this.Check(rule, property, evidence);
        }
    }

    /// <summary>What is claimed, a line for each.</summary>
    public List<string> Claims { get; } = [];

    /// <summary>What was seen to be otherwise.</summary>
    public List<string> Contradictions { get; } = [];

    /// <summary>How many answers were compared with what is seen.</summary>
    public int Compared { get; private set; }

    /// <summary>How many are not known.</summary>
    public int Unknown { get; private set; }

    /// <summary>How many say something of which rounding lets nothing be seen.</summary>
    public int Unclear { get; private set; }

    /// <summary>Whether square matrices follow the rule.</summary>
    private static bool Takes(OptimizerDescriptor descriptor, RuleBias rule, int side)
    {
        try
        {
            return ReferenceEquals(descriptor.Bias.For(side, side), rule);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void Check(RuleBias rule, BiasProperty property, BiasEvidence evidence)
    {
        var claim = $"{rule.Rule}: {property.Name}: {property.Answer}{(double.IsNaN(property.Value) ? "" : " " + property.Value.ToString("R", CultureInfo.InvariantCulture))}";
        this.Claims.Add($"{claim}  {rule.WhyNot(property.Name)}");
        if (property.Answer == Answer.Unknown)
        {
            this.Unknown += property.Name == BiasProperty.BoundedStep ? 0 : 1;
            return;
        }

        // A change of one element is none, and matrices of two rows have too many symmetries by chance.
        if (evidence.Side < 3 && property.Answer == Answer.No)
            return;

        var seen = new List<Evidence>();
        while (this.IsOpen(property.Answer, seen))
        {
            var k = seen.Count;
            var trial = k < Tries ? (this.seed * Tries) + ((this.seed + k) % Tries) : 1_000_000 + (this.seed * MoreTries) + k;
            seen.Add(evidence.Of(property.Name, trial, (this.Compared + k) % 2 == 0 ? Backend.Fused : Backend.TorchSharp));
        }

        // Where most is lost in rounding, that nothing failed says nothing.
        if (!seen.Contains(Evidence.Failed) && seen.Count(e => e != Evidence.Unclear) * 2 < seen.Count)
        {
            this.Unclear++;
            return;
        }

        this.Compared++;
        var agrees = property.Answer == Answer.Yes ? !seen.Contains(Evidence.Failed) : seen.Contains(Evidence.Failed);
        if (agrees && property.Name == BiasProperty.Degree && property.Answer == Answer.Yes)
            agrees = double.IsNaN(evidence.FittedDegree) || Math.Abs(evidence.FittedDegree - property.Value) < 1e-5;
        if (!agrees)
            this.Contradictions.Add($"{claim}, and seen is {string.Join(", ", seen)}{(property.Name == BiasProperty.Degree ? " of " + evidence.FittedDegree.ToString("R", CultureInfo.InvariantCulture) : "")}");
    }

    /// <summary>What holds is tried once or twice, what does not until it is seen to fail.</summary>
    private bool IsOpen(Answer answer, List<Evidence> seen) => answer == Answer.Yes
        ? seen.Count < (this.isThorough ? 2 : 1)
        : !seen.Contains(Evidence.Failed) && (seen.Count < Tries || (seen.Count < Tries + MoreTries && seen.Contains(Evidence.Held)));
}
