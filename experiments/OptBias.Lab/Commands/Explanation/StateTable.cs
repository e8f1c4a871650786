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
        if (plan.States.Count + plan.Matrices.Count == 0)
            return new Text("none");
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn($"shape, for a matrix of {Rows} × {Columns}").AddColumn(new TableColumn("bytes per parameter").RightAligned());
        var total = 0.0;
        foreach (var name in plan.States)
        {
            table.AddRow([new Text(name), new Text($"{Rows} × {Columns}"), new Text(Number(target.ArithmeticSize))]);
            total += target.ArithmeticSize;
        }

        using var example = new TorchSharp.Modules.Parameter(zeros(Rows, Columns, dtype: target.DType));
        foreach (var slot in plan.Matrices)
        {
            using var state = slot.Create(example, "the example");
            foreach (var (name, tensor) in state.Tensors)
            {
                var bytes = (double)tensor.NumberOfElements * tensor.ElementSize / (Rows * Columns);
                table.AddRow([new Text($"{slot.Name}.{name}"), new Text(string.Join(" × ", tensor.shape)), new Text(Number(bytes))]);
                total += bytes;
            }
        }

        return table.AddRow([new Markup("[bold]all[/]"), new Text(""), new Markup($"[bold]{Number(total)}[/]")]);
    }

    private static string Number(double bytes) => bytes.ToString("0.###", CultureInfo.InvariantCulture);
}
