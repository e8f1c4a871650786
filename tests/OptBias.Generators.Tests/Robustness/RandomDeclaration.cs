using System.Globalization;

namespace OptBias.Generators.Tests;

/// <summary>A declaration made by chance. The same seed makes the same one.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Source">The declaration as C#.</param>
/// <param name="Mistake">What is wrong with it, or null.</param>
internal sealed record RandomDeclaration(string Name, string Source, string? Mistake)
{
    /// <summary>Stages with places for a rate B, a power A, a fraction X and a small number E.</summary>
    private static readonly string[] Diagonals =
    [
        "Diagonal({B})", "Diagonal({B}, Epsilon = {E})", "Diagonal({B}, Centered = true)", "Diagonal({B}, Statistic = DiagonalStatistic.Max)",
        "Diagonal({B}, Statistic = DiagonalStatistic.Infinity)", "Diagonal", "Diagonal(Epsilon = {E})", "Diagonal({B}, Exponent = {X})",
        "Diagonal({B}, EpsilonPlacement = EpsilonPlacement.InsideRoot)", "Diagonal({B}, BiasCorrection = false)",
        "Diagonal({B}, Factored = true)", "Diagonal(Factored = true, Epsilon = {E})", "Diagonal({B}, EpsilonPlacement = EpsilonPlacement.InsideStatistic)",
    ];

    private static readonly string[] Others =
    [
        "Momentum({B})", "Momentum({B}, Nesterov = true)", "Momentum({B}, BiasCorrection = false)", "Momentum({B}, Interpolation = {X})",
        "HeavyBall({B})", "HeavyBall({B}, Nesterov = true)", "HeavyBall({B}, Dampening = {X})",
        "WeightDecay({E})", "WeightDecay({E}, Mode = DecayMode.L2)", "WeightDecay({E}, Mode = DecayMode.AfterStep)",
        "ClipByValue({X})", "ClipByNorm({X})", "ClipByNorm({X}, Scope = ClipScope.Tensor)", "ClipByRootMeanSquare({X})", "ScaleByParameter({X})", "TrustRatio",
    ];

    private static readonly string[] Kroneckers =
        ["Kronecker({B})", "Kronecker({B}, UpdateEvery = 3, StartAt = 2)", "Kronecker", "Kronecker({B}, Epsilon = {E})"];

    private static readonly string[] Graftings = ["Adam", "Sgd", "Adagrad", "RmsProp"];

    private static readonly string[] States =
    [
        "State", "State(Precision = StatePrecision.BFloat16)", "State(StochasticRounding = true, Seed = -5)", "State(MasterWeights = true)",
        "State(Precision = StatePrecision.BFloat16, StochasticRounding = true, MasterWeights = true)",
    ];

    private static readonly (string Stage, string Mistake)[] Mistakes =
    [
        ("Momentum(1.0)", "a rate of one"), ("Momentum(-0.1)", "a negative rate"), ("HeavyBall(double.NaN)", "a rate that is no number"),
        ("WeightDecay(double.PositiveInfinity)", "an infinite decay"), ("ClipByNorm(0)", "a norm of zero"), ("Diagonal(0.9, Exponent = 0)", "an exponent of zero"),
        ("Diagonal(0.9, Statistic = DiagonalStatistic.Sum)", "a sum that forgets"), ("Diagonal(Statistic = DiagonalStatistic.Ema)", "an average without a rate"),
        ("Kronecker(0.9, UpdateEvery = 0)", "no interval"), ("Kronecker(0.9, StartAt = -1)", "a negative start"),
        ("Momentum(0.9, Name = \"\")", "an empty name"), ("Momentum(0.9, Name = \"a b\")", "a name with a space"), ("Momentum(0.9, Name = \"1st\")", "a name that begins with a digit"),
        ("Momentum(0.9, Nesterov = true, Interpolation = 0.5)", "two mixes"), ("PowerLaw(0.5)", "a power below one"),
        ("Diagonal(0.9, Statistic = (DiagonalStatistic)42)", "an unknown statistic"), ("WeightDecay(0.1, Mode = (DecayMode)(-1))", "an unknown mode"),
        ("Diagonal(0.9, Factored = true, Centered = true)", "a factored variance"), ("Diagonal(BetaSchedule = \"Nowhere\")", "a schedule that is not there"),
        ("ClipByRootMeanSquare(0)", "a root mean square of zero"), ("ScaleByParameter(-1)", "a negative scale"),
    ];

    /// <summary>A declaration without a mistake.</summary>
    public static RandomDeclaration MakeValid(int seed)
    {
        for (var next = seed; ; next += 1_000_003)
        {
            if (Make(next) is { Mistake: null } valid)
                return valid;
        }
    }

    public static RandomDeclaration Make(int seed)
    {
        var random = new Random(seed);
        var name = string.Create(CultureInfo.InvariantCulture, $"Random{seed}");
        List<string> stages = [.. Valid(random)];
        string? mistake = null;
        if (random.Next(3) == 0)
        {
            (var stage, mistake) = Mistakes[random.Next(Mistakes.Length)];
            stages.Insert(random.Next(stages.Count + 1), stage);
        }

        var optimizer = random.Next(2) == 0 ? "[Optimizer]" : $"[Optimizer(LearningRate = {Number(random.NextDouble())})]";
        return new RandomDeclaration(
            name, $"{optimizer}\n{string.Concat(stages.Select(stage => $"[{stage}]\n"))}public sealed partial class {name};\n", mistake);
    }

    /// <summary>Stages that may stand together: names differ, at most one preconditioner of a kind, a graft only below one.</summary>
    private static IEnumerable<string> Valid(Random random)
    {
        if (random.Next(4) == 0)
            yield return Fill(random, random.Next(2) == 0 ? "PowerLaw({A})" : "PowerLaw({A}, Form = PowerLawForm.Preconditioner)", null);
        var preconditioner = random.Next(4);
        var count = random.Next(4);
        for (var i = 0; i < count; i++)
            yield return Fill(random, Others[random.Next(Others.Length)], $"N{i}");
        if (preconditioner == 1)
            yield return Fill(random, Diagonals[random.Next(Diagonals.Length)], null);
        if (preconditioner == 2)
            yield return Fill(random, Kroneckers[random.Next(Kroneckers.Length)], null);
        if (preconditioner is 1 or 2 && random.Next(2) == 0)
            yield return $"Graft(Grafting.{Graftings[random.Next(Graftings.Length)]})";
        if (random.Next(3) == 0)
            yield return States[random.Next(States.Length)];
    }

    private static string Fill(Random random, string stage, string? name)
    {
        stage = stage
            .Replace("{B}", Number(0.05 + (0.9 * random.NextDouble())), StringComparison.Ordinal)
            .Replace("{A}", Number(1 + (2 * random.NextDouble())), StringComparison.Ordinal)
            .Replace("{X}", Number(0.1 + (0.8 * random.NextDouble())), StringComparison.Ordinal)
            .Replace("{E}", Number(1e-8 * random.NextDouble()), StringComparison.Ordinal);
        if (name is null)
            return stage;
        return stage.EndsWith(')') ? $"{stage[..^1]}, Name = \"{name}\")" : $"{stage}(Name = \"{name}\")";
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
