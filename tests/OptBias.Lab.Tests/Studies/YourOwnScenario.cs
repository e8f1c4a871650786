using OptBias;
using OptBias.Lab;
using OptBias.Lab.Data;
using OptBias.Lab.Studies;
using OptBias.Lab.Tasks;
using static TorchSharp.torch;

/// <summary>All classes at once; a part of the training labels is wrong. Validation and test labels are right.</summary>
public sealed record NoisyLabels(double Wrong) : Scenario
{
    public override string Name => "noisy-labels";
    public override string Key => FormattableString.Invariant($"{this.Name}, {this.Wrong}");
    public override int Tasks => 1;
    public override string Description => FormattableString.Invariant($"All classes at once; {100 * this.Wrong}% of the training labels are wrong.");
    public override bool DependsOnSeed => true;
    public override string TaskName(int task) => "all classes";

    public override ExampleSet Take(ExampleSet source, int task, DataPart part, long seed)
    {
        if (part != DataPart.Training)
            return new(source.Images.clone(), source.Labels.clone());
        using var onCpu = source.Labels.cpu();
        var (labels, random) = (onCpu.data<long>().ToArray(), new SeededRandom(seed, "wrong labels"));
        for (var i = 0; i < labels.Length; i++)
        {
            if (random.NextDouble() < this.Wrong)
                labels[i] = (labels[i] + 1 + random.NextInt(this.Images.Classes - 1)) % this.Images.Classes;
        }

        return new(source.Images.clone(), tensor(labels, device: source.Device));
    }
}

/// <summary>Which optimizer learns through wrong labels?</summary>
public sealed class LabelNoise : TrainingStudy
{
    public override string Name => "label-noise";
    public override string Summary => "Which optimizer learns through wrong labels?";
    public override IReadOnlyList<Preset> Presets { get; } =
        [new("quick", Seeds: 3, TuningSeeds: 1, Rates: 3, Epochs: 1, BatchSize: 64, EvaluationLimit: 400)];
    public override IReadOnlyList<string> DefaultMethods(Preset preset) => ["AdamW", "Muon", "Sgd"];
    public override IReadOnlyList<Setting> Settings(StudyPlan plan) =>
        [.. new[] { 0.4, 0.0 }.Select(wrong => new Setting(plan.Model, new NoisyLabels(wrong), plan.Preset.Training))];
}
