namespace OptBias.Testing.Tests;

public sealed class TrajectoryHyperparametersTests
{
    [Theory]
    [InlineData("lr beta2 eps", "lr=0.1 alpha=0.99 eps=1e-8", "beta2=0.99 eps=1E-08 lr=0.1")]
    [InlineData("lr alpha", "lr=0.1 alpha=2", "alpha=2 lr=0.1")]
    [InlineData("lr alpha beta2", "alpha=2 beta2=0.9", "alpha=2 beta2=0.9")]
    [InlineData("lr beta2 eps", "rho=0.9", "beta2=0.9")]
    [InlineData("lr momentum dampening weight_decay", "momentum=0.9 dampening=0.1 weight_decay=0.01", "dampening=0.1 momentum=0.9 weight_decay=0.01")]
    [InlineData("lr beta1", "momentum=0.95", "beta1=0.95")]
    [InlineData("lr beta1 beta2 update_every", "precondition_frequency=5", "update_every=5")]
    [InlineData("lr interpolation beta1", "beta1=0.9 beta2=0.99", "beta1=0.99 interpolation=0.9")]
    [InlineData("lr interpolation beta1", "interpolation=0.9 beta1=0.99", "beta1=0.99 interpolation=0.9")]
    public void Torchs_names_are_understood(string known, string given, string expected) =>
        Assert.Equal(expected, Text(TrajectoryHyperparameters.Map(Optimizer(known), Values(given))));

    [Fact]
    public void The_pair_of_epsilons_of_Adafactor_is_understood()
    {
        var hyper = TrajectoryHyperparameters.Parse("""{"lr": 0.01, "eps": [1e-30, 0.001], "d": 2.0, "beta2_decay": -0.8}""");
        Assert.Equal(
            "beta2_decay=-0.8 clip_threshold=2 eps=1E-30 lr=0.01 minimum_scale=0.001",
            Text(TrajectoryHyperparameters.Map(Optimizer("lr eps beta2_decay clip_threshold minimum_scale"), hyper)));
    }

    [Fact]
    public void What_torch_switches_off_may_be_missing_and_what_it_switches_on_may_not()
    {
        Assert.Equal("lr=0.1", Text(TrajectoryHyperparameters.Map(Optimizer("lr"), Values("lr=0.1 momentum=0 dampening=0 weight_decay=0 lr_decay=0"))));
        Assert.Throws<ArgumentException>(() => TrajectoryHyperparameters.Map(Optimizer("lr"), Values("lr=0.1 weight_decay=0.1")));
    }

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
    {
        var exception = Assert.Throws<ArgumentException>(() => TrajectoryHyperparameters.Map(Optimizer("lr weight_decay"), Values("weight_decoy=0.1")));
        Assert.StartsWith(
            "Toy has no hyperparameter 'weight_decoy'. Did you mean 'weight_decay'? Known: lr, weight_decay.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_names_of_one_hyperparameter_are_refused()
    {
        var exception = Assert.Throws<ArgumentException>(() => TrajectoryHyperparameters.Map(Optimizer("lr beta2"), Values("beta2=0.9 alpha=0.9")));
        Assert.Contains("both mean beta2", exception.Message, StringComparison.Ordinal);
    }

    internal static OptimizerDescriptor Optimizer(string hyperparameters) => new()
    {
        Name = "Toy",
        Type = typeof(object),
        Hyperparameters = [.. hyperparameters.Split(' ').Select(name => new Hyperparameter { Name = name, Default = 0 })],
        Create = (_, _) => throw new NotSupportedException(),
        Equations = "",
        Cost = new UpdateCost { StateElements = 0, ElementsRead = 2, ElementsWritten = 1, Operations = 2, Passes = 1 },
        Plan = new() { Name = "Toy", Hyperparameters = [] },
    };

    private static Dictionary<string, double> Values(string text) => text.Split(' ').Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture));

    private static string Text(IReadOnlyDictionary<string, double> values) =>
        string.Join(' ', values.Select(pair => FormattableString.Invariant($"{pair.Key}={pair.Value}")));
}
