using System.Globalization;

namespace OptBias.Generators.Tests;

/// <summary>
/// Sequences of stages that may stand together: what a reader of the language's document would write down as its grammar.
/// That every stage, property and value of an enumeration occurs is tested against the attributes themselves.
/// </summary>
internal sealed class StageGrammar(Random random)
{
    private static readonly string[] Names = ["Slow", "Fast", "Outer", "snake_case", "Second2", "Größe", "N"];

    private readonly HashSet<string> kinds = new(StringComparer.Ordinal);
    private readonly Queue<string> names = new(Names.OrderBy(_ => random.Next()));
    private bool inBasis;
    private bool actsOnElements;
    private bool hasPreconditioner;
    private bool startsLate;

    public List<string> Stages()
    {
        var stages = new List<string>();
        if (random.Next(6) == 0)
            stages.Add(this.Stage("PowerLaw", Number(1 + (2 * random.NextDouble())), this.Maybe("Form = PowerLawForm.Reparameterization")));
        var count = random.Next(6);
        while (stages.Count < count)
        {
            if (this.Next() is { } stage)
                stages.Add(stage);
        }

        // A basis in which nothing acts is a warning.
        if (this.inBasis && !this.actsOnElements)
            stages.Add(this.kinds.Contains("Diagonal") ? this.Stage("Sign") : this.Diagonal());
        if (!this.inBasis)
            stages.AddRange(PointOf(stages.LastOrDefault()));
        return stages;
    }

    /// <summary>How state is kept: <c>[State]</c> or nothing. Its one contradiction, two ways of rounding and nothing to round, is left out.</summary>
    public string State()
    {
        if (random.Next(4) != 0)
            return "";
        var precision = this.Choice("StatePrecision", "Precision");
        var narrow = precision.EndsWith("BFloat16", StringComparison.Ordinal);
        string[] roundings = narrow ? [this.Flag("StochasticRounding"), this.Flag("MasterWeights")] : [this.Flag(this.Pick("StochasticRounding", "MasterWeights"))];
        List<string> arguments = [.. roundings.Append(precision).Append(this.Maybe($"Seed = {random.Next(10) - 5}")).Where(argument => argument.Length > 0)];
        return arguments.Count == 0 ? "State" : $"State({string.Join(", ", arguments)})";
    }

    /// <summary>A number as it is written in C#.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The values of an enumeration of the language.</summary>
    public static string[] Values(string type) => Enum.GetNames(typeof(OptimizerAttribute).Assembly.GetType("OptBias." + type, throwOnError: true)!);

    /// <summary>The point of declarations that end with some stages, so that a seed means what it meant before there were points.</summary>
    private static string[] PointOf(string? last) => last switch
    {
        "Elementwise(nameof(Rule0))" => ["EvaluateAt(nameof(Point0))"],
        "Sign" => ["EvaluateAt(nameof(Point1), Name = \"Point\")"],
        _ => [],
    };

    private string? Next()
    {
        switch (random.Next(21))
        {
            case 0 or 1:
                return this.inBasis ? null : this.Momentum();
            case 2:
                return this.inBasis ? null : this.Stage("HeavyBall", this.Rate(), this.Flag("Nesterov"), this.Maybe($"Dampening = {this.Fraction()}"));
            case 3 or 4 or 5:
                return this.kinds.Contains("Diagonal") ? null : this.Diagonal();
            case 6 or 7:
                return this.kinds.Contains("Kronecker") ? null : this.Kronecker();
            case 8:
                return this.kinds.Contains("KroneckerBasis") || this.actsOnElements ? null : this.KroneckerBasis();
            case 9:
                return random.Next(2) == 0 ? (this.kinds.Contains("Orthogonalize") ? null : this.Orthogonalize()) : this.kinds.Contains("Steepest") ? null : this.Steepest();
            case 10 or 11:
                // Until a preconditioner begins to act, what is grafted is the method: a second moment of the elements.
                this.actsOnElements |= this.startsLate && !this.inBasis;
                return this.hasPreconditioner ? this.Graft() : null;
            case 12:
                return this.Stage("WeightDecay", this.Small(), this.Choice("DecayMode", "Mode"));
            case 13:
                return this.Stage("ClipByNorm", this.Fraction(), this.Choice("ClipScope", "Scope"));
            case 14:
                this.actsOnElements = true;
                return this.Stage("ClipByValue", this.Fraction());
            case 15:
                return this.Stage("ClipByRootMeanSquare", this.Fraction());
            case 16:
                return this.Stage("ScaleByParameter", this.Fraction());
            case 17:
                return this.Stage("TrustRatio", this.Maybe($"Coefficient = {this.Fraction()}"));
            case 18:
                return this.Stage("ScaleByShape");
            case 19:
                this.actsOnElements = true;
                return this.kinds.Contains("Sign") ? null : this.Stage("Sign");
            default:
                this.actsOnElements = true;
                return random.Next(2) == 0 ? this.Elementwise()
                    : this.Stage("PowerLaw", Number(1 + (2 * random.NextDouble())), "Form = PowerLawForm.Preconditioner");
        }
    }

    private string Momentum() => random.Next(3) switch
    {
        0 => this.Stage("Momentum", this.Rate(), this.Flag("BiasCorrection")),
        1 => this.Stage("Momentum", this.Rate(), this.Flag("BiasCorrection"), this.Flag("Nesterov")),
        _ => this.Stage("Momentum", [this.Rate(), .. this.Interpolation()]),
    };

    /// <summary>The stored average alone, an interpolation of 1, has nothing in it before the first step that could be corrected.</summary>
    private string[] Interpolation() => random.Next(2) == 0
        ? [$"Interpolation = {this.Fraction()}", "BiasCorrection = false"]
        : [$"Interpolation = {this.Rate()}", this.Maybe("BiasCorrection = true")];

    private string Diagonal()
    {
        this.actsOnElements = this.hasPreconditioner = true;
        var placement = this.Choice("EpsilonPlacement", "EpsilonPlacement");
        var epsilon = this.Maybe($"Epsilon = {this.Small()}");
        var exponent = this.Maybe($"Exponent = {this.Fraction()}");
        var correction = this.Flag("BiasCorrection");
        if (random.Next(5) == 0)
            return this.Stage("Diagonal", "", this.Maybe("Statistic = DiagonalStatistic.Sum"), this.Factored(), placement, epsilon, exponent, correction);
        var rate = random.Next(4) == 0 ? "" : this.Rate();
        var schedule = rate.Length == 0 ? "BetaSchedule = nameof(Decay)" : "";
        return random.Next(3) switch
        {
            0 => this.Stage("Diagonal", rate, schedule, this.Maybe("Statistic = DiagonalStatistic.Ema"), this.Factored(), placement, epsilon, exponent, correction),
            1 => this.Stage("Diagonal", rate, schedule, this.Flag("Centered"), placement, epsilon, exponent, correction),
            _ => this.Stage("Diagonal", rate, schedule, $"Statistic = DiagonalStatistic.{this.Pick("Max", "Infinity")}", placement, epsilon, exponent, correction),
        };
    }

    private string Factored() => this.inBasis ? this.Maybe("Factored = false") : this.Flag("Factored");

    private string Kronecker()
    {
        this.hasPreconditioner = this.startsLate = true;
        var root = this.Choice("RootMethod", "Root");
        var statistic = this.Choice("KroneckerStatistic", "Statistic");
        var exponent = statistic.EndsWith("KullbackLeibler", StringComparison.Ordinal) ? "0.5"
            : root.EndsWith("CoupledNewton", StringComparison.Ordinal) ? this.Pick("0.5", "0.25", "1.0")
            : this.Fraction();
        return this.Stage(
            "Kronecker",
            this.Accumulated(),
            $"Epsilon = {Number(Math.Pow(10, -2 - (6 * random.NextDouble())))}",
            this.Maybe($"UpdateEvery = {1 + random.Next(3)}"),
            this.Maybe($"StartAt = {1 + random.Next(3)}"),
            this.Maybe($"MaxDimension = {1 + random.Next(12)}"),
            this.Flag("MergeDimensions"),
            this.Maybe($"Exponent = {exponent}"),
            root,
            statistic,
            this.Maybe($"StalenessTolerance = {this.Rate()}"),
            this.Flag("Asynchronous"));
    }

    private string KroneckerBasis()
    {
        this.inBasis = true;
        return this.Stage(
            "KroneckerBasis",
            this.Accumulated(),
            this.Maybe($"UpdateEvery = {1 + random.Next(3)}"),
            this.Choice("BasisRefresh", "Refresh"),
            this.Maybe($"MaxDimension = {1 + random.Next(12)}"),
            this.Flag("MergeDimensions"));
    }

    /// <summary>A rate, and an average that forgets; or neither.</summary>
    private string Accumulated() => this.Pick(this.Rate(), $"{this.Rate()}, Accumulate = Accumulation.Ema", "", "Accumulate = Accumulation.Sum");

    private string Orthogonalize()
    {
        this.hasPreconditioner = true;
        return this.Stage("Orthogonalize", this.Maybe($"Steps = {1 + random.Next(6)}"), this.Choice("NewtonSchulzCoefficients", "Coefficients"));
    }

    private string Steepest()
    {
        this.hasPreconditioner = true;
        var norm = this.Pick([.. Values("Norm").Where(norm => !this.inBasis || norm != "Nuclear")]);
        this.actsOnElements |= !this.inBasis && norm != "Frobenius";
        return this.Stage("Steepest", $"Norm.{norm}", norm == "Nuclear" && random.Next(3) > 0 ? $"Steps = {1 + random.Next(10)}" : "");
    }

    private string Graft() => this.Stage(
        "Graft", $"Grafting.{this.Pick(Values("Grafting"))}", this.Maybe($"Beta = {this.Rate()}"), this.Maybe($"Epsilon = {this.Small()}"));

    private string Elementwise()
    {
        this.actsOnElements = true;
        // State of rows cannot follow a basis that turns.
        return this.Stage("Elementwise", $"nameof({this.Pick(["Rule0", "Rule1", "Rule2", "Rule3", .. this.inBasis ? [] : new[] { "Rule4" }])})");
    }

    /// <summary>A stage; a second one of its kind, or of those that share names with it, gets a name of its own, others at times.</summary>
    private string Stage(string kind, params string[] arguments)
    {
        var given = arguments.Where(argument => argument.Length > 0).ToList();
        var family = kind == "KroneckerBasis" ? "Kronecker" : kind;
        var isSecond = !this.kinds.Add(kind) | (family != kind && !this.kinds.Add(family + "'")) | (kind == "Kronecker" && !this.kinds.Add("Kronecker'"));
        if ((isSecond || random.Next(8) == 0) && this.names.TryDequeue(out var name))
            given.Add($"Name = \"{name}\"");
        return given.Count == 0 ? kind : $"{kind}({string.Join(", ", given)})";
    }

    private string Pick(params string[] items) => items[random.Next(items.Length)];

    private string Maybe(string argument) => random.Next(3) == 0 ? argument : "";

    private string Flag(string name) => random.Next(3) switch { 0 => $"{name} = true", 1 => $"{name} = false", _ => "" };

    private string Choice(string type, string name) => random.Next(4) == 0 ? "" : $"{name} = {type}.{this.Pick(Values(type))}";

    private string Rate() => random.Next(20) == 0 ? "0.0" : Number(0.05 + (0.9 * random.NextDouble()));

    private string Fraction() => random.Next(20) == 0 ? "1.0" : Number(0.1 + (0.8 * random.NextDouble()));

    private string Small() => random.Next(20) == 0 ? "0.0" : Number(Math.Pow(10, -1 - (7 * random.NextDouble())));
}
