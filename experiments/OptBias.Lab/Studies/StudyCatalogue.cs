using OptBias.Lab.Tasks;

namespace OptBias.Lab.Studies;

/// <summary>The studies by name.</summary>
public static class StudyCatalogue
{
    /// <summary>All studies. The first one is the default.</summary>
    public static IReadOnlyList<Study> All { get; } =
    [
        new ContinualStudy("class-incremental", "Class-incremental learning", [new ClassIncremental()]) { Planned = PlannedTest.ClassIncremental, About = "what optimizers learn and forget where each task brings new classes" },
        new ContinualStudy("permuted", "Permuted digits", [new PermutedDigits(5)]) { About = "the same where each task has its pixels in another order" },
        new ContinualStudy("rotated", "Rotated digits", [new RotatedDigits(5)]) { About = "the same where each task is turned further" },
        new ContinualStudy("continual", "Continual learning", [new ClassIncremental(), new PermutedDigits(5), new RotatedDigits(5)]) { Planned = PlannedTest.ClassIncremental, About = "the three above in one report" },
        new ContinualStudy("head-and-biases", "How head and biases are trained", [new ClassIncremental()])
        {
            About = "whether it is the hidden weights that forget less, or how head and biases are trained",
            Question = "Is it the hidden weights that make an optimizer forget less, or how it trains the head and the biases?",
            Baselines = ["AdamW", "Shampoo"],
            Compared =
            [
                // The head at a third of the rate that goes with it, at that rate, and at three times that: AdamW's own head too, since the ratio
                // of the two rates may be what matters.
                "Sgd", "AdamW", "Shampoo",
                "AdamW-head-AdamW@0.3", "AdamW-head-AdamW@3",
                "Shampoo-head-AdamW@0.3", "Shampoo-head-AdamW", "Shampoo-head-AdamW@3",
                "Shampoo-head-Sgd@0.3", "Shampoo-head-Sgd", "Shampoo-head-Sgd@3",
                "Shampoo-biases-AdamW", "Shampoo-head-Sgd-biases-Sgd", "AdamW-head-Shampoo", "AdamW-head-Sgd",
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
