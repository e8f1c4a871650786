using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using OptBias.Optimizers;

namespace OptBias.Generators.Tests;

/// <summary>The table of all declarations in <c>docs/bias.md</c> is the one that follows from them. With <c>OPTBIAS_ACCEPT_SNAPSHOTS=1</c> it is written.</summary>
public sealed class BiasDocumentTests
{
    private const string Begin = "<!-- derived: begin -->\n";
    private const string End = "<!-- derived: end -->";

    [Fact]
    public void The_table_of_all_declarations_is_current()
    {
        var path = Path.Combine(SourceFolder(), "../../../docs/bias.md");
        var document = File.ReadAllText(path);
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, document.IndexOf(End, StringComparison.Ordinal));
        var table = Table();
        if (Environment.GetEnvironmentVariable("OPTBIAS_ACCEPT_SNAPSHOTS") == "1" && document[begin..end] != table)
            File.WriteAllText(path, document[..begin] + table + document[end..]);
        else
            Assert.Equal(table, document[begin..end]);
    }

    private static string Table()
    {
        var text = new StringBuilder("| optimizer | degree | units | cannot see | origin | signs | step | where | broken by |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var optimizer in OptimizerCatalogue.Of(typeof(AdamW).Assembly).All)
        {
            foreach (var rule in optimizer.Bias.Rules)
            {
                var name = optimizer.Bias.Rules.Count == 1 ? optimizer.Name : $"{optimizer.Name}, {rule.When.ToString().ToLowerInvariant()}: {rule.Rule}";
                text.Append(CultureInfo.InvariantCulture, $"| {name} | {Degree(rule)} | {Seen(rule.SeesNoUnits)} | {Symmetry(rule)} | {Seen(rule.SeesNoOrigin)} | {Kept(rule.KeepsSigns)} | {Step(rule)} | {Where(rule)} | {Breaks(rule)} |\n");
            }
        }

        return text.ToString();
    }

    private static string Degree(RuleBias rule) => rule.HasDegree switch
    {
        Answer.Yes => rule.Degree.ToString("0.######", CultureInfo.InvariantCulture),
        Answer.No => "none",
        _ => "?",
    };

    private static string Seen(Answer unseen) => unseen switch
    {
        Answer.Yes => "not seen",
        Answer.No => "seen",
        _ => "?",
    };

    private static string Kept(Answer kept) => kept switch
    {
        Answer.Yes => "kept",
        Answer.No => "",
        _ => "?",
    };

    private static string Symmetry(RuleBias rule) => rule is { Direction: { } direction, Length: { } length }
        ? $"{rule.Symmetries}. Direction: {direction}. Length: {length}"
        : rule.Symmetries.ToString();

    private static string Step(RuleBias rule) => rule.Step.Norm == StepNorm.None ? "" : rule.Step.ToString();

    private static string Where(RuleBias rule) => rule.JudgedAtZero.Count == 0 ? "" : string.Join(", ", rule.JudgedAtZero) + " = 0";

    private static string Breaks(RuleBias rule) => string.Join("; ", rule.Limits
        .GroupBy(limit => limit.Hyperparameter, StringComparer.Ordinal)
        .Select(group => $"{group.Key}: {string.Join(", ", group.Select(limit => Short(limit.Property)).Distinct())}"));

    /// <summary>Elements, rows and columns stand for all of their maps.</summary>
    private static string Short(string property) => property.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? property[..property.LastIndexOf('.')] : property;

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
