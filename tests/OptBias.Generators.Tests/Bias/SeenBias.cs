using OptBias.Generators.Bias;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Tests;

/// <summary>What is seen of one declaration, and what tables claim of it.</summary>
internal sealed class SeenBias
{
    private readonly UpdateProgram program;
    private readonly string name;
    private readonly Dictionary<string, Evidence> evidence = new(StringComparer.Ordinal);
    private readonly HashSet<Operation> operations = [];
    private readonly HashSet<Expression> expressions = [];
    private readonly double degree;

    public SeenBias(string name, OptimizerDescriptor descriptor, UpdateProgram program)
    {
        (this.name, this.program) = (name, program);
        var rule = descriptor.Bias.Rules[0];
        var trial = new BiasEvidence(descriptor, rule);
        foreach (var property in rule.Properties.Where(property => property.Name != BiasProperty.BoundedStep))
        {
            Evidence[] seen = [trial.Of(property.Name, 12, Backend.Fused), trial.Of(property.Name, 13, Backend.Fused), trial.Of(property.Name, 14, Backend.Fused)];
            this.evidence.Add(property.Name, seen.Contains(Evidence.Failed) ? Evidence.Failed : seen.Contains(Evidence.Unclear) ? Evidence.Unclear : Evidence.Held);
        }

        this.degree = trial.FittedDegree;
        foreach (var store in program.Stores)
            this.Collect(store.Value);
        this.Collect(program.Update);
    }

    public bool Uses(Operation operation) => this.operations.Contains(operation);

    /// <summary>What a table claims that is seen to be otherwise. What it cannot tell is no claim.</summary>
    public IEnumerable<string> Contradictions(BehaviourTable table)
    {
        var bias = BiasInference.Claims(this.program, table);
        foreach (var (property, answer) in Answers(bias))
        {
            if (!this.evidence.TryGetValue(property, out var seen))
                continue;
            var claimed = answer.ToString();
            if ((claimed == "Yes" && seen == Evidence.Failed) || (claimed == "No" && seen == Evidence.Held))
                yield return $"{this.name}: {property} is claimed to be {claimed}, and it {seen}";
            if (property == BiasProperty.Degree && claimed == "Yes" && !(Math.Abs(bias.Degree - this.degree) < 1e-5))
                yield return $"{this.name}: the degree is claimed to be {bias.Degree}, and it is {this.degree}";
        }
    }

    private static IEnumerable<(string Property, object Answer)> Answers(DerivedBias bias)
    {
        yield return (BiasProperty.Degree, bias.HasDegree);
        yield return (BiasProperty.SeesNoUnits, bias.SeesNoUnits);
        yield return (BiasProperty.SeesNoOrigin, bias.SeesNoOrigin);
        yield return (BiasProperty.KeepsSigns, bias.KeepsSigns);
        foreach (var (before, symmetries) in new[] { ("", bias.Symmetries), ("direction.", bias.Direction), ("length.", bias.Length) })
        {
            for (var k = 0; k < symmetries?.Answers.Count; k++)
                yield return (before + BiasProperty.Symmetries[k], symmetries.Answers[k]);
        }
    }

    private void Collect(Expression e)
    {
        if (!this.expressions.Add(e))
            return;
        this.operations.Add(e.Operation);
        foreach (var operand in e.Operands)
            this.Collect(operand);
    }
}
