using OptBias.Lab.Tasks;

namespace OptBias.Lab.Studies;

/// <summary>The studies by name.</summary>
public static class StudyCatalogue
{
    /// <summary>All studies. The first one is the default.</summary>
    public static IReadOnlyList<Study> All { get; } =
    [
        new ContinualStudy("class-incremental", "Class-incremental learning", [new ClassIncremental()]) { Planned = PlannedTest.ClassIncremental },
        new ContinualStudy("permuted", "Permuted digits", [new PermutedDigits(5)]),
        new ContinualStudy("rotated", "Rotated digits", [new RotatedDigits(5)]),
        new ContinualStudy("continual", "Continual learning", [new ClassIncremental(), new PermutedDigits(5), new RotatedDigits(5)]) { Planned = PlannedTest.ClassIncremental },
        new ContinualStudy("head-and-biases", "How head and biases are trained", [new ClassIncremental()])
        {
            Question = "Is it the hidden weights that make an optimizer forget less, or how it trains the head and the biases?",
            Baselines = ["AdamW", "Shampoo"],
            Compared =
            [
                "Sgd", "AdamW", "Shampoo", "Shampoo-head-AdamW", "Shampoo-biases-AdamW", "Shampoo-head-Sgd-biases-Sgd", "AdamW-head-Shampoo", "AdamW-head-Sgd",
            ],
        },
        new SparsityStudy(),
        new SimilarityStudy(),
        new ScaleStudy(),
        new TextStudy(),
    ];

    /// <summary>Finds a preset of a study, ignoring case.</summary>
    /// <exception cref="ArgumentException">Unknown; the message names the nearest known one.</exception>
    public static Preset FindPreset(Study study, string name) =>
        study.Presets.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"Unknown preset '{name}'. {NearestName.Suggest(name, study.Presets.Select(p => p.Name))}Known: {string.Join(", ", study.Presets.Select(p => p.Name))}.");
}
