using System.Globalization;
using OptBias.Kernels;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OptBias.Lab.Commands.Explanation;

/// <summary>Everything that a declaration says of itself, on one page of a terminal.</summary>
internal static class ExplanationPage
{
    public static void Write(IAnsiConsole console, OptimizerDescriptor optimizer, ExplanationTarget target)
    {
        console.Write(new Rule($"[bold]{PrintableText.Markup(optimizer.Name)}[/]").LeftJustified());
        Section(console, "In step t (from 1), g the gradient of the loss by θ", new Text(optimizer.Formulas));
        Section(console, "Hyperparameters", Hyperparameters(optimizer));
        foreach (var (title, plan) in Rules(optimizer.Plan))
        {
            Section(console, $"{title}Passes over memory, {target}", Passes(plan, target));
            Section(console, $"{title}State", StateTable.Of(plan, target));
        }

        foreach (var rule in optimizer.Bias.Rules)
            Section(console, optimizer.Bias.Rules.Count == 1 ? "Bias, as it follows from the equations" : $"{rule.Rule} ({rule.When.ToString().ToLowerInvariant()}): bias, as it follows from the equations", BiasGrid.Of(rule));

        foreach (var (title, plan) in Rules(optimizer.Plan))
            Section(console, $"{title}Path of {target}", new Text($"A parameter takes {target.PathOf(plan)}."));
    }

    /// <summary>The rules that a composite leads to; an optimizer of its own is one.</summary>
    private static IEnumerable<(string Title, UpdatePlan Plan)> Rules(UpdatePlan plan) => plan.Routes.Count == 0
        ? [("", plan)]
        : plan.Routes.Select(route => ($"{route.Plan.Name} ({route.When.ToString().ToLowerInvariant()}): ", route.Plan));

    private static void Section(IAnsiConsole console, string title, IRenderable content)
    {
        console.WriteLine();
        console.MarkupLine($"[blue]{PrintableText.Markup(title)}[/]");
        console.Write(new Padder(content, new Padding(2, 0, 0, 0)));
    }

    private static Grid Hyperparameters(OptimizerDescriptor optimizer)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var h in optimizer.Hyperparameters)
            grid.AddRow([new Text(h.Name), new Text(h.Default.ToString("R", CultureInfo.InvariantCulture)), new Text($"in {h.Range}"), new Markup($"[grey]{PrintableText.Markup(h.Description)}[/]")]);
        return grid;
    }

    private static Table Passes(UpdatePlan plan, ExplanationTarget target)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn("reads").AddColumn("writes").AddColumn("gathers")
            .AddColumn(new TableColumn("bytes per parameter").RightAligned());
        var total = 0;
        foreach (var step in PlanDescription.Of(plan))
        {
            var bytes = step.Reads.Sum(tensor => tensor.BytesRead(target.DType)) + step.Writes.Sum(tensor => tensor.BytesWritten(target.DType));
            total += step.IsPass ? bytes : 0;
            var sums = step.Sums == 0 ? "" : step.Sums == 1 ? "1 sum" : $"{step.Sums} sums";
            table.AddRow([new Text(step.Title), new Text(Names(step.Reads)), new Text(Names(step.Writes)), new Text(sums), new Text(step.IsPass ? Number(bytes) : "depends on the shape")]);
        }

        return table.AddRow([new Markup("[bold]all passes[/]"), new Text(""), new Text(""), new Text(""), new Markup($"[bold]{Number(total)}[/]")]);
    }

    private static string Names(IEnumerable<PlanTensor> tensors) => string.Join(", ", tensors.Select(tensor => tensor.Extent switch
    {
        TensorExtent.Row => $"{tensor.Name} (by rows)",
        TensorExtent.Column => $"{tensor.Name} (by columns)",
        _ => tensor.Name,
    }));

    private static string Number(int bytes) => bytes.ToString(CultureInfo.InvariantCulture);
}
