using OptBias.Lab.Metrics;
using OptBias.Lab.Models;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>Watches a network through a sequence of tasks, to say afterwards how much the tasks got into each other's way.</summary>
public sealed class InterferenceProbe : IDisposable
{
    private const int GradientExamples = 256;
    private readonly Network network;
    private readonly List<Tensor[]> snapshots = [];

    /// <summary>Remembers the weights at the start.</summary>
    /// <param name="network">The network.</param>
    public InterferenceProbe(Network network)
    {
        this.network = network;
        this.Snapshot();
    }

    private Tensor[] HiddenWeights => [.. this.network.Parameters().Where(p => p.Role == ParameterRole.Weight).Select(p => (Tensor)p.Parameter)];

    /// <summary>Remembers the weights after a task.</summary>
    public void Snapshot()
    {
        using var noGradient = no_grad();
        this.snapshots.Add([.. this.HiddenWeights.Select(w => w.detach().clone().DetachFromDisposeScope())]);
    }

    /// <summary>Adds what neighbouring tasks share, each a mean over the pairs of a task and the next: active units, changed input directions, gradients.</summary>
    /// <param name="metrics">Receives the numbers by name.</param>
    /// <param name="sets">The examples of the run's tasks.</param>
    public void AddTo(IDictionary<string, double> metrics, TaskSets sets)
    {
        var tasks = sets.Scenario.Tasks;
        if (tasks < 2)
            return;
        metrics[MetricNames.ActiveUnitOverlap] = this.UnitOverlap(sets);
        metrics[MetricNames.WeightChangeOverlap] = this.ChangeOverlap();
        metrics[MetricNames.GradientCosine] = this.Cosine(sets);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var tensor in this.snapshots.SelectMany(s => s))
            tensor.Dispose();
    }

    private static double MeanOverNeighbours(int tasks, Func<int, double> ofPair) =>
        Enumerable.Range(0, tasks - 1).Select(ofPair).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    private double UnitOverlap(TaskSets sets)
    {
        using var scope = NewDisposeScope();
        var representations = Enumerable.Range(0, sets.Scenario.Tasks).Select(task =>
        {
            var set = sets.Evaluation(task);
            using var first = set.First(Math.Min(set.Count, GradientExamples));
            return Evaluation.Apply(this.network, first).Representation;
        }).ToArray();
        return MeanOverNeighbours(representations.Length, i => ActiveUnitOverlap.Of(representations[i], representations[i + 1]));
    }

    private double ChangeOverlap() => MeanOverNeighbours(this.snapshots.Count - 1, i =>
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Enumerable.Range(0, this.snapshots[i].Length)
            .Select(layer => PrincipalAngles.Overlap(PrincipalAngles.Of(
                this.snapshots[i + 1][layer] - this.snapshots[i][layer],
                this.snapshots[i + 2][layer] - this.snapshots[i + 1][layer])))
            .Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
    });

    private double Cosine(TaskSets sets)
    {
        using var scope = NewDisposeScope();
        var gradients = Enumerable.Range(0, sets.Scenario.Tasks).Select(task => this.Gradient(sets, task)).ToArray();
        return MeanOverNeighbours(gradients.Length, i => GradientCosine.Of(gradients[i], gradients[i + 1]));
    }

    private Tensor[] Gradient(TaskSets sets, int task)
    {
        var set = sets.Evaluation(task);
        using var first = set.First(Math.Min(set.Count, GradientExamples));
        this.network.zero_grad();
        using var loss = nn.functional.cross_entropy(this.network.forward(first.Images), first.Labels);
        loss.backward();
        return [.. this.network.parameters().Select(p =>
        {
            using var gradient = p.grad;
            return gradient is null ? zeros_like(p) : gradient.clone();
        })];
    }
}
