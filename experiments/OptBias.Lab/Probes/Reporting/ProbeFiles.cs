using System.Text.Json;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Storage;
using Parquet.Schema;
using Parquet.Serialization;

namespace OptBias.Lab.Probes.Reporting;

/// <summary>The probes' numbers for other programs.</summary>
/// <remarks>
/// <c>probes.parquet</c> has a row for each number: <c>rule, optimizer, probe, measure, value</c> (null where there is none), <c>share</c>
/// (null where the number is none), <c>predicted</c> (whether theory says the share is 1), <c>agrees</c> (null where nothing is predicted),
/// <c>steps, failure</c> (null, or when and how). <c>probes.json</c> has the same, with sources, predictions and certificates.
/// </remarks>
internal static class ProbeFiles
{
    private static readonly ParquetSchema Schema = new(
        new DataField<string>("rule"), new DataField<string>("optimizer"), new DataField<string>("probe"), new DataField<string>("measure"),
        new DataField<double?>("value"), new DataField<double?>("share"), new DataField<bool>("predicted"), new DataField<bool?>("agrees"),
        new DataField<int>("steps"), new DataField("failure", typeof(string), isNullable: true));

    /// <summary>Writes both files.</summary>
    /// <exception cref="StorageException">They cannot be written.</exception>
    public static void Write(ProbeResults results, string directory)
    {
        using var content = new MemoryStream();
        ParquetSerializer.SerializeUntypedAsync([.. Rows(results)], Schema, content).GetAwaiter().GetResult();
        DurableFile.Write(Path.Combine(directory, "probes.parquet"), content.ToArray());
        DurableFile.Write(Path.Combine(directory, "probes.json"), Json.Write(new
        {
            Probes = results.Probes.Select(p => new
            {
                p.Name,
                p.Title,
                p.Problem,
                p.Prediction,
                p.Source,
                p.Certificates,
                Verdict = ProbeVerdict.Say(results, p),
                Measures = p.Measures.Select(m => new { m.Name, m.Title, m.Description, m.AgreesFrom }),
            }),
            Rules = results.Rules.Select(r => new { r.Name, Optimizer = r.Optimizer.Name, r.Hyperparameters, r.Properties }),
            Outcomes = results.Outcomes.Select(o => new { o.Rule, o.Probe, o.Values, o.Steps, o.Failure }),
        }));
    }

    /// <summary>Reads the outcomes of a run, as <see cref="Write"/> wrote them.</summary>
    /// <param name="directory">The folder of the run.</param>
    /// <param name="rules">The rules that are wanted.</param>
    /// <exception cref="StorageException">There is no such file, or it has no outcomes of a rule.</exception>
    public static ProbeResults Read(string directory, IReadOnlyList<ProbeRule> rules)
    {
        var path = Path.Combine(directory, "probes.json");
        StoredRun? stored;
        try
        {
            stored = File.Exists(path) ? Json.Read<StoredRun>(path) : throw new StorageException($"{path}: there is no such file. optbias probe --out {directory} makes it.");
        }
        catch (JsonException e)
        {
            throw new StorageException($"{path} is no run of the probes: {e.Message}", e);
        }

        var missing = rules.FirstOrDefault(r => ProbeSuite.All.Any(p => stored?.Outcomes.Any(o => o.Rule == r.Name && o.Probe == p.Name) != true));
        return missing is null
            ? new(ProbeSuite.All, rules, [.. stored!.Outcomes.Select(o => new ProbeOutcome { Rule = o.Rule, Probe = o.Probe, Values = o.Values, Steps = o.Steps, Failure = o.Failure })])
            : throw new StorageException($"{path} does not have all probes of {missing.Name}.");
    }

    private sealed record StoredRun(IReadOnlyList<StoredOutcome> Outcomes);

    private sealed record StoredOutcome(string Rule, string Probe, Dictionary<string, double> Values, int Steps, string? Failure);

    private static IEnumerable<IDictionary<string, object?>> Rows(ProbeResults results) =>
        from rule in results.Rules
        from column in results.Measures
        let outcome = results.Of(column.Probe, rule)
        let judged = results.Judge(column.Probe, column.Measure, rule)
        select new Dictionary<string, object?>
        {
            ["rule"] = rule.Name,
            ["optimizer"] = rule.Optimizer.Name,
            ["probe"] = column.Probe.Name,
            ["measure"] = column.Measure.Name,
            ["value"] = Finite(outcome[column.Measure.Name]),
            ["share"] = Finite(results.Share(column.Probe, column.Measure, rule)),
            ["predicted"] = judged != Agreement.NothingPredicted,
            ["agrees"] = judged == Agreement.NothingPredicted ? null : judged == Agreement.Agrees,
            ["steps"] = outcome.Steps,
            ["failure"] = outcome.Failure,
        };

    private static object? Finite(double value) => double.IsFinite(value) ? value : null;
}
