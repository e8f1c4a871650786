using OptBias.Generators.Bias;
using OptBias.Generators.Programs;
using Xunit.Abstractions;

namespace OptBias.Generators.Tests;

/// <summary>
/// Every word of the table is needed: with another one in its place something is claimed that is seen to be otherwise. What is seen
/// is found once, and then the bias is inferred by each wrong table.
/// </summary>
public sealed class BehaviourTableTests(ITestOutputHelper output)
{
    private static readonly string[] Columns = [nameof(BehaviourRow.Degree), nameof(BehaviourRow.Parity), nameof(BehaviourRow.Rotation), nameof(BehaviourRow.Permutation), nameof(BehaviourRow.Origin), nameof(BehaviourRow.AtZero)];

    [Fact]
    public void Every_operation_has_its_row() =>
        Assert.Equal(Enum.GetValues<Operation>(), BehaviourTable.Default.Rows.Select(row => row.Operation));

    [Fact]
    public void A_wrong_word_in_any_row_makes_the_proof_fail()
    {
        using var corpus = new BiasCorpus();
        var seen = corpus.Entries.Select(entry => new SeenBias(entry.Name, entry.Descriptor, entry.Program)).ToList();
        var mistakes = seen.SelectMany(bias => bias.Contradictions(BehaviourTable.Default)).ToList();
        Assert.True(mistakes.Count == 0, string.Join("\n", mistakes));

        var survivors = new List<string>();
        foreach (var row in BehaviourTable.Default.Rows)
        {
            var users = seen.Where(bias => bias.Uses(row.Operation)).ToList();
            Assert.True(users.Count > 0, $"No declaration uses {row.Operation}.");
            foreach (var column in Columns)
            {
                var refuted = 0;
                var kept = new List<Rule>();
                foreach (var word in Enum.GetValues<Rule>().Where(word => word != Word(row, column)))
                {
                    var table = BehaviourTable.Default.With(With(row, column, word));
                    if (users.Exists(bias => IsRefuted(bias, table)))
                        refuted++;
                    else
                        kept.Add(word);
                }

                output.WriteLine($"{row.Operation}.{column} ({Word(row, column)}): {refuted} wrong words are refuted; the same to what is seen are {string.Join(", ", kept)}");
                if (refuted == 0)
                    survivors.Add($"{row.Operation}.{column}");
            }
        }

        Assert.True(survivors.Count == 0, "Any word would do for " + string.Join(", ", survivors));
    }

    /// <summary>A word that does not suit the operation at all (a load of a number) ends the analysis, and with it every test.</summary>
    private static bool IsRefuted(SeenBias bias, BehaviourTable table)
    {
        try
        {
            return bias.Contradictions(table).Any();
        }
        catch (Exception failure) when (failure is InvalidCastException or IndexOutOfRangeException or ArgumentOutOfRangeException or NullReferenceException or InvalidOperationException)
        {
            return true;
        }
    }

    private static Rule Word(BehaviourRow row, string column) => (Rule)typeof(BehaviourRow).GetProperty(column)!.GetValue(row)!;

    private static BehaviourRow With(BehaviourRow row, string column, Rule word) => column switch
    {
        nameof(BehaviourRow.Degree) => row with { Degree = word },
        nameof(BehaviourRow.Parity) => row with { Parity = word },
        nameof(BehaviourRow.Rotation) => row with { Rotation = word },
        nameof(BehaviourRow.Permutation) => row with { Permutation = word },
        nameof(BehaviourRow.Origin) => row with { Origin = word },
        _ => row with { AtZero = word },
    };
}
