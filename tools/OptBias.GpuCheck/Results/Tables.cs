using System.Globalization;
using OptBias.GpuCheck.Benchmark;
using OptBias.GpuCheck.Devices;
using OptBias.GpuCheck.Parity;
using Spectre.Console;

namespace OptBias.GpuCheck.Results;

/// <summary>Shows what a check finds, as it finds it.</summary>
/// <param name="console">Where.</param>
internal sealed class Tables(IAnsiConsole console)
{
    /// <summary>A line of text.</summary>
    public void Say(string line) => console.WriteLine(line);

    /// <summary>What was looked for.</summary>
    public void Show(IReadOnlyList<Finding> findings)
    {
        var table = New("What a GPU needs", "looked for", "", "found");
        foreach (var finding in findings)
            table.AddRow(Cells(finding.What, finding.Found ? "yes" : "no", finding.Detail));
        console.Write(table);
    }

    /// <summary>The paths compared: a row for each optimizer, a column for each type, and below what is wrong.</summary>
    public void Show(IReadOnlyList<ParityResult> results)
    {
        var columns = results.Select(r => (r.DType, r.Sizes)).Distinct().ToList();
        var table = New("Fused against TorchSharp's operations: largest difference", ["optimizer", .. columns.Select(c => c.Sizes == "Many" ? c.DType : $"{c.DType}, {c.Sizes.ToLowerInvariant()}")]);
        foreach (var optimizer in results.GroupBy(r => r.Optimizer))
            table.AddRow(Cells([optimizer.Key, .. columns.Select(c => Cell(optimizer.FirstOrDefault(r => (r.DType, r.Sizes) == c)))]));
        console.Write(table);
        foreach (var result in results.Where(r => r.Problem is not null && r.Outcome != ParityOutcome.NotSupported))
            this.Say($"{result.Optimizer}, {result.DType}, {result.Sizes.ToLowerInvariant()}: {result.Problem}{(result.Outcome == ParityOutcome.Agrees ? " (allowed)" : "")}");
        foreach (var reason in results.Where(r => r.Outcome == ParityOutcome.NotSupported).Select(r => r.Problem!).Distinct())
            this.Say($"Not compared where {reason}.");
        this.Say($"{results.Count(r => r.Outcome == ParityOutcome.Agrees)} of {results.Count(r => r.Outcome != ParityOutcome.NotSupported)} agree.");
    }

    /// <summary>One list of parameters.</summary>
    public void Show(WorkResult result)
    {
        var table = New(Text($"{result.Work}: {result.Elements:N0} elements, {result.BytesMoved / 1e9:0.###} GB moved a step"), "", "ms", "/ generated", "/ floor");
        var (generated, floor) = (result.Find(WorkResult.Generated), result.Find(WorkResult.Floor));
        foreach (var contender in result.Contenders)
        {
            table.AddRow(contender.Samples is not { } samples
                ? Cells(contender.Name, "not measured", "", "")
                : Cells(contender.Name, Text($"{samples.Median * 1e3:0.0000}"), generated is null ? "" : samples.Over(generated).ToString("0.00"), floor is null ? "" : samples.Over(floor).ToString("0.00")));
        }

        console.Write(table);
        if (result.Problem is not null)
            this.Say($"Not measured: {result.Problem}");
        else
            this.Say(Text($"The copy moves {result.CopyBandwidth / 1e12:0.000} TB/s, reads and writes together. A generated step returns after {result.HostSeconds * 1e3:0.0000} ms."));
        foreach (var reason in result.Contenders.Where(c => c.Problem is not null).GroupBy(c => c.Problem))
            this.Say($"Not measured: {string.Join(", ", reason.Select(c => c.Name))}: {reason.Key}");
    }

    /// <summary>One list of matrices.</summary>
    public void Show(MatrixResult result)
    {
        var table = New($"{result.Work}: a step of the matrix family", "", "ms", $"/ {MatrixRun.Reference}");
        var reference = result.Contenders.FirstOrDefault(static c => c.Name == MatrixRun.Reference)?.Samples;
        foreach (var contender in result.Contenders)
        {
            var samples = contender.Samples!;
            table.AddRow(Cells(contender.Name, Text($"{samples.Median * 1e3:0.000}"), samples.Over(reference!).ToString("0.0")));
        }

        console.Write(table);
        if (result.Problem is not null)
            this.Say($"Not measured: {result.Problem}");
    }

    /// <summary>The goals.</summary>
    /// <param name="goals">The goals.</param>
    /// <param name="dryRun">Whether what was measured means nothing.</param>
    public void Show(IReadOnlyList<Goal> goals, bool dryRun)
    {
        var table = New(dryRun ? "Goals for the generated step (a dry run: met or missed means nothing)" : "Goals for the generated step", "parameters", "against", "at most", "measured", "");
        foreach (var goal in goals)
        {
            table.AddRow(Cells(
                goal.Work, goal.Against, Text($"{goal.Limit:0.00}"),
                goal.Ratio is { } ratio ? Text($"{ratio:0.00} ({goal.LowerQuartile:0.00}–{goal.UpperQuartile:0.00})") : "",
                goal.Status switch { GoalStatus.Met => "met", GoalStatus.Missed => "MISSED", _ => "not measured" }));
        }

        console.Write(table);
    }

    private static string Cell(ParityResult? result) => result?.Outcome switch
    {
        null => "",
        ParityOutcome.Agrees => Text($"{result.Largest:0.0e+0}"),
        ParityOutcome.Differs => Text($"DIFFERS {result.Largest:0.0e+0}"),
        ParityOutcome.OutOfTime => "not run",
        _ => "–",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Table New(string title, params ReadOnlySpan<string> columns)
    {
        var table = new Table().Title(Markup.Escape(title)).Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        return table;
    }

    private static string[] Cells(params ReadOnlySpan<string> cells)
    {
        var escaped = new string[cells.Length];
        for (var i = 0; i < cells.Length; i++)
            escaped[i] = Markup.Escape(cells[i]);
        return escaped;
    }
}
