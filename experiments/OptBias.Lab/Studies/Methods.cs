using System.Globalization;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>The methods that the studies know by name, each with the range of learning rates in which it works.</summary>
public static class Methods
{
    private const string L1Mark = "-L1-";
    private const string HeadMark = "-head-";
    private const string BiasMark = "-biases-";
    private const char RateMark = '@';

    private static readonly SortedDictionary<string, double> None = new(StringComparer.Ordinal);

    // The ranges are those in which a network learns something and does not fall apart, found on split MNIST with an MLP.
    private static readonly Dictionary<string, Method> Declared = new Method[]
    {
        Plain("Sgd", 1e-3, 0.3),
        Plain("SgdMomentum", 3e-4, 0.06),
        Plain("SgdNesterov", 3e-4, 0.06),
        Plain("Adam", 3e-5, 3e-3),
        Plain("AdamW", 3e-5, 3e-3),
        Plain("AmsGrad", 3e-5, 3e-3),
        Plain("NAdam", 3e-5, 3e-3),
        Plain("RAdam", 3e-5, 3e-3),
        Plain("Adamax", 1e-4, 1e-2),
        Plain("RmsProp", 1e-5, 3e-3),
        Plain("Lion", 1e-5, 1e-3),
        Plain("Adagrad", 3e-4, 3e-2),
        Plain("Shampoo", 3e-5, 3e-3),
        Plain("ShampooNoGraft", 3e-3, 0.3) with { Description = "Shampoo with the length of its own step instead of Adam's" },
        Plain("KlShampoo", 3e-5, 3e-3),
        Plain("Soap", 3e-4, 2e-2),
        Plain("Muon", 2e-3, 5e-2) with
        {
            BiasOptimizer = "AdamW",
            BiasRateFactor = 0.1,
            HeadOptimizer = "AdamW",
            HeadRateFactor = 0.1,
            Description = "Muon for hidden weights; AdamW at a tenth of the rate for the head and the biases",
        },
        Powerprop("PowerPropSgd", "Sgd", 3e-3, 0.6, ("alpha", 2)),
        Powerprop("PowerPropMomentum", "SgdMomentum", 1e-3, 0.15, ("alpha", 2)),
        Powerprop("PowerPropPreconditionedMomentum", "SgdMomentum", 1e-3, 0.15, ("alpha", 2)),
        Powerprop("PowerPropAdam", "Adam", 3e-5, 1e-2, ("alpha", 2)),
        Powerprop("PowerPropPreconditionedSgd", "Sgd", 3e-3, 0.6, ("alpha", 2)),
    }.ToDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The method of a name: a declared one, else the optimizer of that name over two decades below three times its default
    /// rate. A number after a Powerpropagation method is its α (<c>PowerPropSgd-3</c>). After any method <c>-L1-0.0001</c> adds
    /// a penalty on the weights; <c>-head-Sgd</c> and <c>-biases-Sgd</c> leave the head's matrix, or all that is no matrix, to another method,
    /// <c>-head-Sgd@3</c> at three times the rate that goes with it.
    /// </summary>
    /// <param name="name">Name of the method, ignoring case.</param>
    /// <param name="optimizers">Where optimizers come from.</param>
    /// <exception cref="ArgumentException">There is no optimizer of that name (the message names the nearest), or the number after it is out of range.</exception>
    public static Method Find(string name, IOptimizerSource optimizers)
    {
        if (LastVariant(name) is { } variant)
        {
            var plain = Find(variant.Of, optimizers);
            return variant.Mark switch
            {
                HeadMark => WithHead(plain, Find(Named(variant.Value), optimizers), Times(name, variant.Value)),
                BiasMark => WithBiases(plain, Find(Named(variant.Value), optimizers), Times(name, variant.Value)),
                _ => plain with
                {
                    Name = $"{plain.Name}{L1Mark}{variant.Value}",
                    L1 = Number(name, variant.Value),
                    Description = $"{plain.Name} with an L1 penalty of {variant.Value} on the weights",
                },
            };
        }

        if (name.LastIndexOf('-') is > 0 and var dash && Declared.TryGetValue(name[..dash], out var power) && power.Hyperparameters.ContainsKey("alpha"))
        {
            var alpha = Number(name, name[(dash + 1)..]);
            return power with { Name = $"{power.Name}{name[dash..]}", Hyperparameters = With(("alpha", alpha)), Description = $"{power.Name} with α = {name[(dash + 1)..]}" };
        }

        if (Declared.TryGetValue(name, out var method))
        {
            optimizers.Find(method.Optimizer);
            return method;
        }

        var descriptor = optimizers.Find(name);
        var rate = descriptor.Hyperparameters.FirstOrDefault(h => h.Name == "lr")?.Default ?? 1e-3;
        return Plain(descriptor.Name, rate / 30, rate * 3);
    }

    /// <summary>
    /// The method with the rates of ordinary training: all classes at once, for several passes, want larger steps than a
    /// sequence of short tasks, and the smallest rates of that window learn too little to be worth a place on the grid.
    /// </summary>
    public static Method ForOneTask(Method method) => method with { LowestRate = method.LowestRate * 3, HighestRate = method.HighestRate * 2 };

    /// <summary>
    /// The method with its head left to another one. The two rates move together: where this one is in the middle of its grid,
    /// the other is in the middle of its own, or at so many times that.
    /// </summary>
    private static Method WithHead(Method method, Method head, double times) => method with
    {
        Name = $"{method.Name}{HeadMark}{head.Name}{At(times)}",
        HeadOptimizer = head.Optimizer,
        HeadHyperparameters = head.Hyperparameters,
        HeadRateFactor = Method.Rounded(times * head.MiddleRate / method.MiddleRate),
        Description = $"{method.Name} with its head trained by {head.Name}{AtInWords(times)}",
    };

    /// <summary>The method with its biases left to another one, the rates as in <see cref="WithHead"/>.</summary>
    private static Method WithBiases(Method method, Method biases, double times) => method with
    {
        Name = $"{method.Name}{BiasMark}{biases.Name}{At(times)}",
        BiasOptimizer = biases.Optimizer,
        BiasHyperparameters = biases.Hyperparameters,
        BiasRateFactor = Method.Rounded(times * biases.MiddleRate / method.MiddleRate),
        Description = $"{method.Name} with its biases trained by {biases.Name}{AtInWords(times)}",
    };

    /// <summary>The method in "Sgd@3".</summary>
    private static string Named(string value) => value.Split(RateMark)[0];

    /// <summary>The 3 in "Sgd@3"; 1 where there is none.</summary>
    private static double Times(string name, string value) => value.Contains(RateMark) ? Number(name, value[(value.IndexOf(RateMark) + 1)..]) : 1;

    private static string At(double times) => times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{RateMark}{times:R}");

    private static string AtInWords(double times) => times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" at {times:R} times the rate that goes with it");

    /// <summary>The last mark of a variant in a name: what stands before and after it.</summary>
    private static (string Of, string Mark, string Value)? LastVariant(string name)
    {
        var (at, mark) = new[] { L1Mark, HeadMark, BiasMark }.Select(m => (At: name.LastIndexOf(m, StringComparison.OrdinalIgnoreCase), Mark: m)).Max();
        return at > 0 ? (name[..at], mark, name[(at + mark.Length)..]) : null;
    }

    private static double Number(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value) ? value
        : throw new ArgumentException($"'{name}' ends in '{text}', which is no positive number.");

    /// <summary>Hyperparameters by name, in the order that keys need.</summary>
    public static IReadOnlyDictionary<string, double> With(params ReadOnlySpan<(string Name, double Value)> hyperparameters)
    {
        var all = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in hyperparameters)
            all[name] = value;
        return all;
    }

    private static Method Plain(string name, double lowest, double highest) =>
        new() { Name = name, Optimizer = name, LowestRate = lowest, HighestRate = highest, Hyperparameters = None };

    /// <summary>Powerpropagation trains weights; biases get the same optimizer without it (Schwarz et al. 2021).</summary>
    private static Method Powerprop(string name, string forBiases, double lowest, double highest, params ReadOnlySpan<(string Name, double Value)> hyperparameters) =>
        Plain(name, lowest, highest) with { Hyperparameters = With(hyperparameters), BiasOptimizer = forBiases };
}
