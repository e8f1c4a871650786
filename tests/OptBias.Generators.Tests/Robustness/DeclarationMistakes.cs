namespace OptBias.Generators.Tests;

/// <summary>A mistake in a declaration: the diagnostic that must come of it, and what makes it.</summary>
internal sealed record DeclarationMistake(string Id, Action<DeclarationDraft, Random> Make);

/// <summary>Mistakes for every diagnostic of the catalogue, most of them in several ways.</summary>
internal static class DeclarationMistakes
{
    public static IReadOnlyList<DeclarationMistake> All { get; } =
    [
        new("OB0001", (d, _) => d.Modifiers = d.Modifiers.Replace(" partial", "", StringComparison.Ordinal)),
        new("OB0001", (d, _) => d.Modifiers = "class"),
        new("OB0002", (d, _) => d.TypeParameters = "<T>"),
        new("OB0002", (d, _) => (d.Open, d.Close) = ($"public static partial class Generic{d.Number}<T>\n{{", "}")),
        new("OB0003", (d, r) => (d.Open, d.Close) = ($"{Pick(r, "public static class", "struct", "record", "interface")} Closed{d.Number}\n{{", "}")),
        new("OB0003", (d, r) => (d.Open, d.Close) = ($"public static partial class Outer{d.Number}\n{{\n{Pick(r, "public static class", "public struct", "public record", "public interface")} Closed{d.Number}\n{{", "}\n}")),
        new("OB0004", (d, r) => d.Modifiers = Pick(r, "public static partial class", "public abstract partial class", "public sealed partial record")),
        new("OB0004", (d, r) => d.Modifiers = Pick(r, "public partial struct", "public partial interface", "public readonly partial struct", "internal partial record struct")),
        new("OB0004", (d, r) => d.Base = Pick(r, "(int x)", "()")),
        new("OB0004", (d, _) =>
        {
            d.Modifiers = "file sealed partial class";
            (d.Open, d.Close) = ($"namespace File{d.Number} {{", "}");
        }),
        new("OB0005", (d, _) => d.Base = " : System.Collections.Generic.List<int>"),
        new("OB0005", (d, _) => d.Base = " : System.Exception"),
        new("OB0006", (d, _) =>
        {
            d.Take([.. d.Stages.DefaultIfEmpty("Sign")]);
            d.Optimizer = "";
        }),
        new("OB0006", (d, _) =>
        {
            d.Take();
            d.Optimizer = d.State = "";
            d.Others = Fill(d, "[Optimizer]\npublic sealed partial class {Other};\n");
            d.Routes = Fill(d, "[Route(typeof(global::{Other}))]\n");
        }),
        new("OB0007", (d, _) =>
        {
            d.Take("Momentum(0.9)");
            d.State = "";
            d.Close = $"[State(MasterWeights = true)]\npartial class {d.Name};\n{d.Close}";
        }),
        new("OB0007", (d, r) =>
        {
            d.Take([.. d.Stages.DefaultIfEmpty("Sign")]);
            d.Close = $"[{Pick(r, "Momentum(0.5, Name = \"Apart\")", "Sign", "ScaleByShape", "WeightDecay(0.1, Name = \"Apart\")")}]\npartial class {d.Name};\n{d.Close}";
        }),
        new("OB0008", (d, _) => d.Members += "[PerStep]\nstatic double Unasked(long step) => step;\n"),
        new("OB0008", (d, _) => d.Members += "static float Unnamed(float update, [Hyper(0.3)] float share) => share * update;\n"),
        new("OB0008", (d, r) => d.Others += $"public static class Plain{d.Number} {{ {Pick(r, "[PerStep] public static double Warmth(long step) => 1;", "public static float Rule(float update, [Hyper(2)] float share) => update * share;")} }}\n"),
        Method("OB0008", "static float Rule(float update, float warmth) => 2 * update; [PerStep] static double Warmth(long step) => step;"),
        .. Among("OB0010",
            "Momentum(1.0)", "Momentum(-0.1)", "HeavyBall(double.NaN)", "WeightDecay(double.PositiveInfinity)", "ClipByNorm(0)", "ClipByValue(-1)",
            "Diagonal(0.9, Exponent = 0)", "Diagonal(0.9, Epsilon = -1e-8)", "Kronecker(0.9, UpdateEvery = 0)", "Kronecker(0.9, StartAt = -1)",
            "Kronecker(0.9, MaxDimension = 0)", "Kronecker(0.9, Exponent = -1)", "Kronecker(0.9, StalenessTolerance = 1)", "KroneckerBasis(2)",
            "KroneckerBasis(0.9, MaxDimension = -5)", "Orthogonalize(Steps = 0)", "Steepest(Norm.Nuclear, Steps = 0)", "PowerLaw(0.5)", "ClipByRootMeanSquare(0)", "ScaleByParameter(-1)",
            "TrustRatio(Coefficient = 0)", "Momentum(0.9, Interpolation = 1.5)", "Momentum(0.9, Interpolation = 1)", "HeavyBall(0.9, Dampening = 2)", "Graft(Grafting.Adam, Beta = 1)"),
        new("OB0010", (d, r) => d.Optimizer = $"[Optimizer(LearningRate = {Pick(r, "-1", "double.NaN", "double.PositiveInfinity")})]"),
        .. Among("OB0011",
            "Diagonal(Statistic = DiagonalStatistic.Ema)", "Diagonal(Statistic = DiagonalStatistic.Max)", "Kronecker(Accumulate = Accumulation.Ema)",
            "KroneckerBasis(Accumulate = Accumulation.Ema)"),
        .. Among("OB0012",
            "Diagonal(0.9, Statistic = DiagonalStatistic.Sum)", "Momentum(0.9, Nesterov = true, Interpolation = 0.5)", "Diagonal(0.9, Factored = true, Centered = true)",
            "Diagonal(0.9, Statistic = DiagonalStatistic.Max, Factored = true)", "Diagonal(0.9, Statistic = DiagonalStatistic.Infinity, Centered = true)",
            "Kronecker(0.9, Accumulate = Accumulation.Sum)", "KroneckerBasis(0.9, Accumulate = Accumulation.Sum)",
            "Kronecker(0.9, Exponent = 0.25, Statistic = KroneckerStatistic.KullbackLeibler)", "Kronecker(0.9, Exponent = 0.3, Root = RootMethod.CoupledNewton)", "Steepest(Norm.Rows, Steps = 3)"),
        new("OB0012", (d, _) => d.State = "State(StochasticRounding = true, MasterWeights = true)"),
        Alone("OB0013", "Momentum(0, Nesterov = true)", "Sign"),
        Alone("OB0013", "HeavyBall(0.0, Nesterov = true, Dampening = 0.5)"),
        Alone("OB0014", "Diagonal(0.9)", "Momentum(0.9)", "Diagonal(0.99, Name = \"Other\")"),
        Alone("OB0014", "Kronecker(0.9)", "Kronecker(0.9, Name = \"Other\")"),
        Alone("OB0014", "Orthogonalize", "Sign", "Orthogonalize(Steps = 3)"),
        Alone("OB0014", "Steepest(Norm.L1)", "HeavyBall(0.9)", "Steepest(Norm.Rows, Name = \"Other\")"),
        Alone("OB0014", "KroneckerBasis(0.9)", "KroneckerBasis(0.9, Name = \"Other\")", "Diagonal(0.9)"),
        new("OB0015", (d, r) => d.Stages.Insert(0, $"Graft(Grafting.{Pick(r, StageGrammar.Values("Grafting"))}, Name = \"Early\")")),
        Alone("OB0015", "Momentum(0.9)", "Graft(Grafting.Adam)", "Diagonal(0.9)"),
        new("OB0016", (d, _) =>
        {
            d.Take([.. d.Stages.DefaultIfEmpty("Sign")]);
            d.Stages.Add("PowerLaw(2.0, Name = \"Late\")");
        }),
        Alone("OB0016", "Momentum(0.9)", "PowerLaw(2.0, Form = PowerLawForm.Reparameterization)"),
        Alone("OB0017", "Sign", "Sign"),
        Alone("OB0017", "Momentum(0.9)", "TrustRatio", "Sign"),
        Alone("OB0017", "Momentum(0.9)", "ScaleByShape", "Orthogonalize"),
        Alone("OB0017", "Momentum(0.9)", "KroneckerBasis(0.9)"),
        Alone("OB0017", "KroneckerBasis(0.9)", "WeightDecay(0.1)"),
        Method("OB0017", "static float Rule(float gradient) => Math.Clamp(gradient, -1, 1);", "Momentum(0.9)", "Diagonal(0.9)"),
        Method("OB0017", "static float Rule(float gradient, ref float mean) => mean = 0.5f * mean + gradient;", "Sign", "HeavyBall(0.9)"),
        Method("OB0017", "static float Rule(float update, float parameter) => update - update + parameter;", "WeightDecay(0.1)"),
        Alone("OB0018", "WeightDecay(0.1)", "WeightDecay(0.2)"),
        Alone("OB0018", "Momentum(0.9)", "Diagonal(0.9)", "Momentum(0.8)"),
        Alone("OB0018", "Momentum(0.9, Name = \"A\")", "Momentum(0.8, Name = \"A\")"),
        .. Among("OB0019", "Momentum(0.9, Name = \"\")", "Momentum(0.9, Name = \"a b\")", "Momentum(0.9, Name = \"1st\")", "Sign(Name = \"a-b\")", "WeightDecay(0.1, Name = \"\\n\")"),
        Alone("OB0020", "Sign", "KroneckerBasis(0.9)", "Diagonal(0.9)"),
        Alone("OB0020", "Diagonal(0.9)", "KroneckerBasis(0.9)", "Sign"),
        Alone("OB0020", "ClipByValue(1)", "KroneckerBasis(0.9)", "Diagonal(0.9)"),
        Alone("OB0020", "Momentum(0.9)", "PowerLaw(2, Form = PowerLawForm.Preconditioner)", "KroneckerBasis(0.9)", "Diagonal(0.9)"),
        Alone("OB0020", "Kronecker(0.9, StartAt = 3)", "Graft(Grafting.RmsProp)", "KroneckerBasis(0.9, Name = \"Basis\")", "Sign"),
        new("OB0020", (d, r) =>
        {
            d.Take("Elementwise(\"Rule\")", "Momentum(0.9)", "KroneckerBasis(0.9)", "Diagonal(0.9)");
            d.Members = Pick(
                r,
                "static float Rule(float update) => MathF.Sign(update) * 1f;\n",
                "static float Rule(float update, float parameter) => update * parameter;\n",
                "static float Rule(float update, ref float slow) { slow = 0.9f * slow + MathF.Tanh(update); return slow; }\n");
        }),
        Alone("OB0021", "KroneckerBasis(0.9)", "Momentum(0.9)", "Diagonal(0.9)"),
        Alone("OB0021", "KroneckerBasis(0.9)", "Diagonal(0.9)", "Steepest(Norm.Nuclear)"),
        Alone("OB0021", "KroneckerBasis(0.9)", "Diagonal(0.9)", "HeavyBall(0.9)"),
        .. Among("OB0022",
            "Diagonal(0.9, Statistic = (DiagonalStatistic)42)", "WeightDecay(0.1, Mode = (DecayMode)(-1))", "ClipByNorm(1, Scope = (ClipScope)2)",
            "Kronecker(0.9, Root = (RootMethod)9)", "Kronecker(0.9, Statistic = (KroneckerStatistic)9)", "KroneckerBasis(0.9, Refresh = (BasisRefresh)7)",
            "Orthogonalize(Coefficients = (NewtonSchulzCoefficients)7)", "Steepest((Norm)7)", "Graft((Grafting)11)", "PowerLaw(2, Form = (PowerLawForm)3)",
            "Diagonal(0.9, EpsilonPlacement = (EpsilonPlacement)int.MinValue)", "Kronecker(0.9, Accumulate = (Accumulation)5)"),
        new("OB0022", (d, _) => d.State = "State(Precision = (StatePrecision)7)"),
        Alone("OB0023", "KroneckerBasis(0.9)", "Diagonal(0.9, Factored = true)"),
        Alone("OB0023", "Momentum(0.9)", "KroneckerBasis", "Sign", "Diagonal(Factored = true, Name = \"Late\")"),
        Method("OB0023", "static float Rule(float update, float total, [PerRow] ref float v) => update / (1 + (v += total)); [Sum(Over = SumOver.EachRow)] static float Total(float update) => update * update;", "KroneckerBasis(0.9)", "Diagonal(0.9)"),
        Alone("OB0025", "Kronecker(0.9)", "Graft(Grafting.Sgd, Beta = 0.5)"),
        Alone("OB0025", "Diagonal(0.9)", "Graft(Grafting.Adagrad, Beta = 0.5)"),
        new("OB0025", (d, r) =>
        {
            d.Take("Momentum(0.9)");
            d.State = $"State({Pick(r, "MasterWeights = true, Seed = 3", "Precision = StatePrecision.BFloat16, Seed = 3", "Seed = -1")})";
        }),
        new("OB0025", (d, _) =>
        {
            d.Take("Sign");
            d.State = "State(Precision = StatePrecision.BFloat16)";
        }),
        Method("OB0024", "static float Rule(float update, [Hyper(0.5)] float share) => 2 * update;"),
        Method("OB0024", "static float Rule(float update, [Hyper(0.5)] float share) => update + 0 * share;"),
        Method("OB0024", "static float Rule(float update, float warmth) => -update; [PerStep] static double Warmth(long step, [Hyper(9)] double warmup) => step / warmup;"),
        Routed("OB0030", "[Route(typeof(string))]\n"),
        Routed("OB0030", "[Route(null!)]\n"),
        Routed("OB0030", "[Route(typeof(System.Collections.Generic.List<>))]\n"),
        Routed("OB0030", "[Route(typeof({Other}))]\n", "[Optimizer, Momentum(2)]\npublic sealed partial class {Other};\n"),
        Routed("OB0031", "[Route(typeof({Self}))]\n"),
        Routed("OB0031", "[Route(typeof({Other}))]\n", "[Optimizer]\npublic sealed partial class {Other}Leaf;\n[Optimizer, Route(typeof({Other}Leaf))]\npublic sealed partial class {Other};\n"),
        new("OB0032", (d, _) =>
        {
            d.Others += Fill(d, "[Optimizer]\npublic sealed partial class {Other};\n");
            d.Routes += Fill(d, "[Route(typeof(global::{Other}))]\n");
            d.Stages.Add("Sign(Name = \"Stage\")");
        }),
        Routed("OB0033", "[Route(typeof({Other}))]\n[Route(typeof({Other}B))]\n", "[Optimizer]\npublic sealed partial class {Other};\n[Optimizer, Sign]\npublic sealed partial class {Other}B;\n"),
        Routed("OB0033", "[Route(typeof({Other}), When = ParameterShape.Matrix)]\n[Route(typeof({Other}B), When = ParameterShape.Matrix)]\n[Route(typeof({Other}B), Name = \"Rest\")]\n", "[Optimizer]\npublic sealed partial class {Other};\n[Optimizer, Sign]\npublic sealed partial class {Other}B;\n"),
        Routed("OB0032", "[Route(typeof({Other}))]\n[Momentum(0.9)]\n", "[Optimizer]\npublic sealed partial class {Other};\n"),
        Routed("OB0034", "[Route(typeof({Other}), When = ParameterShape.Vector)]\n[Route(typeof({Other}B))]\n[State(Seed = 3)]\n", "[Optimizer]\npublic sealed partial class {Other};\n[Optimizer, Sign]\npublic sealed partial class {Other}B;\n"),
        new("OB0034", (d, r) =>
        {
            d.Take();
            d.State = Pick(r, "State", "State(Precision = StatePrecision.BFloat16)", "State(MasterWeights = true)");
            d.Others = Fill(d, "[Optimizer]\npublic sealed partial class {Other};\n");
            d.Routes = Fill(d, "[Route(typeof(global::{Other}))]\n");
        }),
        Method("OB0040", "static float Ruel(float update) => update;"),
        Method("OB0040", "int Rule => 3;"),
        Method("OB0041", "float Rule(float update) => update;"),
        Method("OB0041", "public double Rule(double gradient, ref double mean) => mean += gradient;", "Sign"),
        Method("OB0042", "static int Rule(float update) => 1;"),
        Method("OB0042", "static float Rule<T>(float update) => update;"),
        Method("OB0042", "static float Rule(float update) => update; static float Rule(double update) => 0;"),
        Method("OB0042", "static extern float Rule(float update);"),
        Method("OB0043", "static float Rule(float update, int gradient) => update;"),
        Method("OB0043", "static float Rule(float update, out float state) { state = 1; return update; }"),
        Method("OB0043", "static float Rule(float update, [Hyper(1)] ref float state) => update + state;"),
        Method("OB0043", "static float Rule(float update, [PerRow] ref float v) => v += update;"),
        Method("OB0043", "static float Rule(float update, float total, [PerColumn] ref float v) => update * (v += total); [Sum(Over = SumOver.EachRow)] static float Total(float update) => update;"),
        Method("OB0043", "static float Rule(float update, [PerRow] float columns) => update / columns;"),
        Method("OB0047", "static float Rule(float update, float w) => update * w; [PerStep] static double W(long step, double total) => total; [Sum(Over = SumOver.EachColumn)] static float Total(float update) => update;"),
        Method("OB0044", "static float Rule(float update, float momentumm) => update * momentumm;"),
        Method("OB0044", "static float Rule(float update, float lr) => update * lr;"),
        Method("OB0044", "static float Rule(float update, float beta1) => update * beta1;", "Momentum(0.9)"),
        Method("OB0044", "static float Rule(float update, float warmth) => update * warmth; static double Warmth(long step) => step;"),
        Method("OB0045", "static float Rule(float update) { for (;;) update *= 2; }"),
        Method("OB0045", "static float Rule(float update) => MathF.Sin(update);"),
        Method("OB0045", "static float Rule(float update) => (float)new Random().NextDouble();"),
        Method("OB0046", "static float Rule(float update) => update > 0 ? Rule(update - 1) : update;"),
        Method("OB0046", "static float Rule(float update) => A(update); static float A(float x) => B(x); static float B(float x) => A(x);"),
        Method("OB0047", "static float Rule(float update, float warmth) => update * warmth; [PerStep] static float Warmth(long step) => step;"),
        Method("OB0047", "static float Rule(float update, float warmth) => update * warmth; [PerStep] static double Warmth(long step, double nothing) => step;"),
        Method("OB0047", "static float Rule(float update, float warmth) => update * warmth; [PerStep] static double Warmth(long step, double height, double width) => height / width;"),
        Method("OB0042", "static float Rule(float update, float total) => update * total; [Sum] static float Total(float total) => total;"),
        Method("OB0047", "static float Rule(float update, float w) => update * w; [PerStep] static double W(long step, ref float x) => x += 1;"),
        Method("OB0047", "static float Rule(float update, float w) => update * w; [PerStep] static double W(long step, [Hyper(1)] ref double x) => x += 1;"),
        Method("OB0048", "static float Rule(float update, float w, float z) => update * w * z; [PerStep] static double W(long step, ref double x) => x += 1; [PerStep] static double Z(long step, ref double x) => x += 2;"),
        Method("OB0043", "static float Rule(float update, float total, ref float x) => x = update * total; [Sum] static float Total(ref float x) => x;"),
        Method("OB0008", "static float Rule(float update, float total) => 2 * update; [Sum] static float Total(float update) => update;"),
        Method("OB0008", "static float Rule(float update) => 2 * update; [Sum] static float Total(float update) => update;"),
        new("OB0047", (d, _) => d.Take("Diagonal(BetaSchedule = \"Nowhere\")")),
        Method("OB0048", "static float Rule(float update, [Hyper(1)] float lr) => update * lr;"),
        Method("OB0048", "static float Rule(float update, ref float gradient) => update + (gradient = 1);"),
        Method("OB0048", "static float Rule(float update, [Hyper(1)] float Gamma, [Hyper(2)] float gamma) => update * gamma * Gamma;"),
        Method("OB0048", "static float Rule(float update, ref float slowMean, ref float slow_mean) { slowMean += update; return slow_mean += slowMean; }"),
        Method("OB0048", "static float Rule(float update, [Hyper(1)] float share, float warmth) => share * warmth * update; [PerStep] static double Warmth(long step, [Hyper(9)] double share) => step / share;"),
        new("OB0048", (d, r) =>
        {
            var name = Pick(r, "Plan", "Cuda", "Pass1", "Momentum", "Cost");
            d.Take($"Elementwise(nameof({name}))");
            d.Members = $"static float {name}(float update) => update;\n";
        }),
        new("OB0048", (d, r) => d.Members += $"public int {Pick(r, "Plan", "Options", "Descriptor", "Pass12", "Equations")} => 1;\n"),
        new("OB0048", (d, r) =>
        {
            d.Name = Pick(r, "Plan", "Options", "Momentum", "Cost");
            (d.Open, d.Close) = ($"namespace Taken{d.Number} {{", "}");
        }),
        Method("OB0049", "static float Rule(float update, ref float state) => 3 * update;"),
        Method("OB0049", "static float Rule(float update, float parameter, ref float state) { state = 0.9f * state + 0.1f * parameter; return update; }", "Momentum(0.9)"),
        Method("OB0049", "static float Rule(float update, ref float state) { state = update; return update; }"),
        Method("OB0049", "static float Rule(float update, ref float state) => update + state;"),
        Point("OB0050", "static float Point(float gradient) => gradient;"),
        Point("OB0050", "static float Point(float parameter, float update) => parameter - update;", "Momentum(0.9)"),
        Point("OB0050", "static float Point(float nothing) => nothing;", "Diagonal(0.9)"),
        Point("OB0050", "static float Point(ref float mean) => mean; static float Rule(float update, ref float mean) => mean += update;", "Elementwise(\"Rule\")"),
        Point("OB0050", "static float Point(float total) => total; [Sum] static float Total(float parameter) => parameter;"),
        Point("OB0050", "static float Point(float count) => count; [PerStep] static double Count(long step, ref double sum) => sum += step;"),
        Point("OB0050", "static float Point(float mean) => mean; static float Rule(float update, ref float mean) => mean += update;", "Elementwise(\"Rule\", Name = \"Slow\")"),
        Point("OB0040", "static float Pont(float parameter) => parameter;"),
        Point("OB0043", "static float Point(int parameter) => 1;"),
        Point("OB0051", "static float Point(float parameter) => 2 * parameter;", "EvaluateAt(\"Point\", Name = \"First\")"),
        Point("OB0051", "static float Point(float parameter) => 2 * parameter;", "KroneckerBasis(0.9)", "Diagonal(0.9)"),
        Method("OB0047", "static float Rule(float update, float warmth) => update * warmth; [Obsolete(\"gone\", true)] [PerStep] static double Warmth(long step) => step;"),
        Constructor("System.Collections.Generic.IEnumerable<TorchSharp.Modules.Parameter>"),
        Constructor("System.Collections.Generic.IEnumerable<(string, TorchSharp.Modules.Parameter)>"),
        Constructor("System.Collections.Generic.IEnumerable<ParamGroup>"),
        new("OB0035", (d, r) =>
        {
            d.Take();
            d.Optimizer = "[Optimizer]";
            d.State = "";
            d.Others = Fill(d, "[Optimizer]\npublic sealed partial class {Other};\n");
            d.Routes = Fill(d, $"[Route(typeof(global::{{Other}}), Names = {Pick(r, "\"\"", "\" , \"", "\",\"")})]\n");
        }),
        new("OB0035", (d, r) =>
        {
            d.Take();
            d.Optimizer = "[Optimizer]";
            d.State = "";
            d.Others = Fill(d, "[Optimizer]\npublic sealed partial class {Other};\n");
            d.Routes = Fill(d, $"[Route(typeof(global::{{Other}}), Names = {Pick(r, "\"\"", "\" , \"", "\",\"")})]\n[Route(typeof(global::{{Other}}))]\n");
        }),
        new("OB0064", (d, r) => d.Members += Pick(r, "public required string Purpose { get; init; }\n", "public required int Purpose;\n")),
        new("OB0064", (d, _) => d.Members += "public required double Scale { get; set; }\n"),
    ];

    private static string Pick(Random random, params string[] items) => items[random.Next(items.Length)];

    /// <summary>Stages that are wrong wherever they stand, put among the others.</summary>
    private static IEnumerable<DeclarationMistake> Among(string id, params string[] stages) => stages.Select(stage =>
        new DeclarationMistake(id, (draft, random) => draft.Stages.Insert(random.Next(draft.Stages.Count + 1), stage)));

    private static DeclarationMistake Alone(string id, params string[] stages) => new(id, (draft, _) => draft.Take(stages));

    private static DeclarationMistake Routed(string id, string routes, string others = "") => new(id, (draft, _) =>
    {
        draft.Take();
        draft.State = "";
        draft.Routes = Fill(draft, routes.Replace("typeof({Other}", "typeof(global::{Other}", StringComparison.Ordinal));
        draft.Others = Fill(draft, others);
    });

    /// <summary>Members with the method of the last stage.</summary>
    private static DeclarationMistake Method(string id, string members, params string[] above) => new(id, (draft, _) =>
    {
        draft.Take([.. above, "Elementwise(\"Rule\")"]);
        draft.Members = members + "\n";
    });

    /// <summary>Members with the method of the point.</summary>
    private static DeclarationMistake Point(string id, string members, params string[] above) => new(id, (draft, _) =>
    {
        draft.Take([.. above, "EvaluateAt(\"Point\")"]);
        draft.Members = members + "\n";
    });

    /// <summary>A constructor as the generated half has it, of an optimizer with one hyperparameter beside the rate.</summary>
    private static DeclarationMistake Constructor(string parameters) => new("OB0063", (draft, random) =>
    {
        draft.Take(Pick(random, "Momentum(0.9)", "WeightDecay(0.1)", "ClipByNorm(1)"));
        draft.Members += $"public {draft.Name}({parameters} p, double a, double b, bool c) : this([], a) {{ }}\n";
    });

    private static string Fill(DeclarationDraft draft, string text) => text
        .Replace("{Self}", draft.Name, StringComparison.Ordinal)
        .Replace("{Other}", "Other" + draft.Number, StringComparison.Ordinal);
}
