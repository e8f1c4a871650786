using OptBias.Lab.Reports;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Statistics;

namespace OptBias.Lab.Tests.Reports;

/// <summary>A report with every kind of figure, awkward names, missing values and a long list of everything.</summary>
internal static class SampleReport
{
    public static readonly string[] Names = ["Sgd", "AdamW", "Shampoo", "Soap", "Muon", "PowerPropSgd"];

    public static StudyReport Make(params string[] optimizers)
    {
        var names = optimizers.Length == 0 ? Names : optimizers;
        return new()
        {
            Study = "class-incremental",
            Title = "Class-incremental learning: who forgets <least> & why?",
            Question = "Does an optimizer that preconditions with a matrix forget less than a diagonal one, at the same learning accuracy?",
            Answer = ["At a learning accuracy of 0.97, Shampoo forgets 0.08 [0.05, 0.11] less than AdamW; the difference to SGD, 0.01 [−0.02, 0.04], is within what a seed changes."],
            Method =
            [
                "Five tasks of two digits each, (0, 1) to (8, 9), one head of ten outputs, one epoch each. Each optimizer's learning rate was tuned on validation data with seeds of its own; each number is a mean over seeds with its 95% bootstrap interval.",
                "Optimizers are compared at matched learning accuracy: the frontier of learning accuracy and forgetting over twelve learning rates, interpolated.",
            ],
            Optimizers = [.. names.Select(n => new ReportOptimizer(n, $"{n} with its defaults"))],
            Summary = Table(names),
            FurtherTables = [Table(names) with { Title = "Masked accuracy and nearest class means", Note = "Same runs." }],
            Figures = Figures(names),
            Winners =
            [
                .. names.Select((n, i) => new HyperparameterWinner(n, "lr", i == 1 ? 3e-3 : 1e-3, [3e-5, 1e-4, 3e-4, 1e-3, 2e-3, 3e-3], Value(0.95, i))),
            ],
            Tests = [.. names.Where(n => n != "AdamW").Select((n, i) => new PairwiseTest("forgetting", n, "AdamW", 5, new(-0.08 + (0.03 * i), -0.11 + (0.03 * i), -0.05 + (0.03 * i)), 0.0625, 0.3125, 0.0625, new(-1.8, -3.1, -0.4)))],
            Says = ["Shampoo forgets less than AdamW on these tasks: −0.08 [−0.11, −0.05] at learning accuracy 0.97."],
            DoesNotSay = ["Nothing about networks wider than 256 units.", "Nothing about natural images."],
            Diverged = [new("Muon", "lr 0.05", 3, "task 2, step 118: the loss is NaN")],
            Settings = new()
            {
                Command = "optbias run class-incremental --data <your data>",
                Seeds = [1, 2, 3, 4, 5],
                TuningSeeds = [101, 102],
                DataFingerprint = "mnist 9,997/10,000 sha256:0123456789abcdef",
                Machines = ["TorchSharp 0.107.0 on libtorch 2.10.0.0, .NET 10.0.0, X64 with 2 logical cores"],
                Commit = "0123abc",
                WallTime = TimeSpan.FromSeconds(754),
                Runs = 90,
                Others = new Dictionary<string, string> { ["Model"] = "MLP 784-256-256-10, ReLU", ["Batch size"] = "64" },
            },
        };
    }

    private static SummaryTable Table(string[] names) => new()
    {
        Title = "What each optimizer does",
        Note = "Mean over 5 seeds with its 95% bootstrap interval.",
        Metrics =
        [
            new("Learning accuracy", "", Better.Higher, "mean accuracy on each task right after training on it."),
            new("Forgetting", "", Better.Lower, "mean drop from each task's best accuracy to its last."),
            new("Effective rank", "directions", Better.Neither, "exponential of the entropy of the normalised singular values of the penultimate layer.", "0.0"),
            new("Hoyer sparsity", "", Better.Neither, "of the weights; 0 even, 1 a single weight."),
        ],
        Rows = [.. names.Select((n, i) => new SummaryRow(n, [Value(0.93, i), Value(0.4 - (0.05 * i), i), i == 4 ? Interval.Undefined : Value(30 - (3 * i), i, 2), i == 3 ? Interval.Single(0.41) : Value(0.4, i)]))],
    };

    private static Figure[] Figures(string[] names)
    {
        double[] keep = [0.01, 0.016, 0.026, 0.043, 0.07, 0.11, 0.18, 0.3, 0.5, 0.7, 1];
        string[] digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        var edges = Enumerable.Range(0, 41).Select(i => -0.2 + (0.01 * i)).ToArray();
        return
        [
            new ScatterFigure
            {
                Id = "forgetting-frontier",
                Title = "Forgetting against learning accuracy",
                Caption = "Each point is a learning rate; bars are 95% bootstrap intervals over 5 seeds. Lower right is better.",
                X = new("learning accuracy"),
                Y = new("forgetting"),
                References = [new(0.95, true, "matched at 0.95")],
                Series = [.. names.Select((n, i) => new ScatterSeries(n, [.. Enumerable.Range(0, 8).Select(k => new ScatterPoint(Value(0.98 - (0.25 * Math.Exp(-0.5 * k)) - (0.006 * i), k), Value(0.05 + (0.05 * k) + (0.03 * i * Math.Sin(i)), k + i), $"lr 1e-{8 - k}"))], Joined: true))],
            },
            new LineFigure
            {
                Id = "pruning",
                Title = "Accuracy after pruning",
                Caption = "Bands are 95% bootstrap intervals over 5 seeds.",
                X = new("weights kept", "fraction", Logarithmic: true),
                Y = new("accuracy", "%", Minimum: 0, Maximum: 100),
                Series = [.. names.Select((n, i) => new LineSeries(n, keep, [.. keep.Select((k, j) => i == 2 && j == 4 ? Interval.Undefined : Value(97 - (0.2 * i) - (80 * Math.Exp(-k * (20 + (30 * i)))), j, 2))], i == 5 ? "alpha 2" : ""))],
            },
            new BarFigure
            {
                Id = "localization",
                Title = "How local the representation is",
                Caption = "Bars are means, whiskers 95% bootstrap intervals over 5 seeds.",
                Y = new("sparseness"),
                Groups = ["population sparseness", "lifetime sparseness", "class selectivity", "dead units"],
                Series = [.. names.Select((n, i) => new BarSeries(n, [Value(0.3 + (0.05 * i), i), Value(0.5 - (0.02 * i), i), Value(0.4, i), i == 1 ? Interval.Undefined : Value(0.05, i, 0.01)]))],
            },
            new BarFigure
            {
                Id = "backward-transfer",
                Title = "Backward transfer",
                Y = new("backward transfer", "points"),
                Groups = [""],
                Series = [.. names.Select((n, i) => new BarSeries(n, [Value(-30 + (11 * i), i, 4)]))],
            },
            new HistogramFigure
            {
                Id = "weights",
                Title = "Weights of the first layer",
                X = new("weight"),
                Y = new("number of weights", "", Logarithmic: true),
                Edges = edges,
                Series = [.. names.Select((n, i) => new HistogramSeries(n, [.. edges.Skip(1).Select(e => Math.Floor(1e5 * Math.Exp(-Math.Abs(e - 0.005) * (30 + (10 * i)))))]))],
            },
            new HeatMapFigure
            {
                Id = "class-similarity",
                Title = "Cosine similarity of class means",
                Value = new("cosine similarity", Minimum: 0, Maximum: 1),
                Rows = digits,
                Columns = digits,
                RowLabel = "digit",
                ColumnLabel = "digit",
                Panels = [.. names.Select((n, i) => new HeatMapPanel(n, Matrix(10, (r, c) => r == c ? 1 : r == 3 && c == 7 ? double.NaN : 0.1 + (0.08 * i) + (0.3 * Math.Abs(Math.Sin(r + (3 * c)) * Math.Sin(c + (3 * r)))))))],
            },
            new HeatMapFigure
            {
                Id = "cka",
                Title = "CKA between optimizers",
                Value = new("unbiased linear CKA"),
                Rows = names,
                Columns = names,
                Panels = [new("", Matrix(names.Length, (r, c) => 1 - (0.08 * Math.Abs(r - c))), "same initialisation and batches")],
            },
        ];
    }

    private static double[,] Matrix(int n, Func<int, int, double> value)
    {
        var matrix = new double[n, n];
        for (var r = 0; r < n; r++)
        {
            for (var c = 0; c < n; c++)
                matrix[r, c] = value(r, c);
        }

        return matrix;
    }

    private static Interval Value(double mean, int i, double spread = 0.02) => new(mean, mean - (spread * (0.5 + Math.Abs(Math.Sin(i)))), mean + (spread * (0.5 + Math.Abs(Math.Cos(i)))));
}
