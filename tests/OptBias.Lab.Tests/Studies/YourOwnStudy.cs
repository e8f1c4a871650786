using OptBias;
using OptBias.Lab;
using OptBias.Lab.Commands;
using OptBias.Lab.Data;
using OptBias.Lab.Models;
using OptBias.Lab.Studies;
using OptBias.Lab.Tasks;
using OptBias.Lab.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>An optimizer of your own: sign descent on a slow average.</summary>
[Optimizer(LearningRate = 1e-3)]
[Momentum(0.99)]
[Sign]
public sealed partial class SlowSign;

/// <summary>A network of your own: one layer of units that compete.</summary>
public sealed class Maxout : Network
{
    private readonly Linear pieces;
    private readonly Linear head;

    public Maxout(int width, ImageFormat images) : base(nameof(Maxout))
    {
        (this.pieces, this.head) = (nn.Linear(images.Size, 2 * width), nn.Linear(width, images.Classes));
        this.RegisterComponents();
    }

    public override Tensor Represent(Tensor images) =>
        this.pieces.forward(images.flatten(1)).reshape(images.shape[0], -1, 2).amax([2]);

    public override Tensor Classify(Tensor representation) => this.head.forward(representation);
}

/// <summary>A study of your own: how large the largest weight gets while the digits turn.</summary>
public sealed class LargestWeight : TrainingStudy
{
    public override string Name => "largest-weight";
    public override string Summary => "How large does the largest weight get?";
    public override IReadOnlyList<Preset> Presets { get; } =
        [new("quick", Seeds: 3, TuningSeeds: 1, Rates: 3, Epochs: 1, BatchSize: 64, EvaluationLimit: 400)];
    public override IReadOnlyList<string> DefaultMethods(Preset preset) => ["AdamW", nameof(SlowSign)];
    public override ModelSpecification DefaultModel => ModelSpecification.Of(Maxout);
    public override IReadOnlyList<Setting> Settings(StudyPlan plan) => [new(plan.Model, new RotatedDigits(2), plan.Preset.Training)];
    public override IReadOnlyDictionary<string, NetworkMeasure> Measures { get; } = new Dictionary<string, NetworkMeasure>
    {
        ["largest_weight"] = (network, _) => network.parameters().Max(p => p.abs().max().Number()),
    };

    public static ModelKind Maxout { get; } = new() { Name = "maxout", Width = 64, Depth = 1, Create = model => new Maxout(model.Width, model.Images) };

    public static int Run(string[] args)
    {
        var optimizers = DeclaredOptimizers.With(typeof(SlowSign).Assembly);
        return CommandLine.Run(args, new Laboratory([new LargestWeight()], optimizers) { Models = [Maxout] });
    }
}
