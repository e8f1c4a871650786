using OptBias.Lab.Commands;
using OptBias.Lab.Studies;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Studies;

/// <summary>The studies, each so small that it ends in seconds.</summary>
internal static class TinyStudies
{
    private static readonly Preset Tiny = new("quick", Seeds: 2, TuningSeeds: 1, Rates: 2, Epochs: 1, BatchSize: 64, EvaluationLimit: 100);

    public static Laboratory Laboratory => new(
    [
        new ContinualStudy("class-incremental", "Class-incremental", [new ClassIncremental()], [Tiny]),
        new ContinualStudy("continual", "Continual", [new ClassIncremental(), new PermutedDigits(2), new RotatedDigits(2)], [Tiny]),
        new SparsityStudy([Tiny]),
        new SimilarityStudy([Tiny]),
        new ScaleStudy([Tiny]),
    ], DeclaredOptimizers.Default);

    /// <summary>Runs a study into a folder and returns it.</summary>
    public static string Run(string study, string directory, string optimizers, params string[] more)
    {
        var results = Path.Combine(directory, study);
        Assert.Equal(0, CommandLine.Run(["run", study, "--optimizers", optimizers, "--out", results, .. more], Laboratory));
        return results;
    }
}
