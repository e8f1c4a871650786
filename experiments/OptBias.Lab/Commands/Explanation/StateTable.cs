using System.Globalization;
using OptBias.Kernels;
using Spectre.Console;
using Spectre.Console.Rendering;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Commands.Explanation;

/// <summary>What an optimizer keeps for a parameter: for each element, and by example for stages whose state depends on the shape.</summary>
internal static class StateTable
{
    private const long Rows = 256;
    private const long Columns = 128;

    public static IRenderable Of(UpdatePlan plan, ExplanationTarget target)
    {
        // What is kept is asked of a parameter such as the example, so that nothing here has to know the rules.
        using var example = new TorchSharp.Modules.Parameter(zeros(Rows, Columns, dtype: target.DType));
        using var state = PlanDescription.StateOf(plan, example);
        if (!state.Tensors.Any())
            return new Text("none");
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn($"shape, for {Rows} × {Columns}").AddColumn("type").AddColumn(new TableColumn("bytes per parameter").RightAligned());
        var total = 0.0;
        foreach (var (name, tensor) in state.Tensors)
        {
            var bytes = (double)tensor.NumberOfElements * tensor.ElementSize / (Rows * Columns);
            table.AddRow([new Text(name), new Text(string.Join(" × ", tensor.shape)), new Text(tensor.dtype.ToString().ToLowerInvariant()), new Text(Number(bytes))]);
            total += bytes;
        }

        return table.AddRow([new Markup("[bold]all[/]"), new Text(""), new Text(""), new Markup($"[bold]{Number(total)}[/]")]);
    }

    private static string Number(double bytes) => bytes.ToString("0.###", CultureInfo.InvariantCulture);
}
