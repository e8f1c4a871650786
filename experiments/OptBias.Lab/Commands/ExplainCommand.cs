using System.CommandLine;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias explain NAME</c>: what an optimizer does and what a step costs.</summary>
internal static class ExplainCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var name = new Argument<string>("optimizer") { Description = "Its name; optbias list names them." };
        var command = new Command("explain", "Prints an optimizer's equations, hyperparameters and cost.") { name };
        command.SetAction(parsed =>
        {
            var optimizer = laboratory.Optimizers.Find(parsed.GetRequiredValue(name));
            var cost = optimizer.Cost;
            Console.WriteLine(optimizer.Name);
            Console.WriteLine();
            foreach (var line in optimizer.Equations.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Console.WriteLine($"  {line.Trim()}");
            Console.WriteLine();
            foreach (var h in optimizer.Hyperparameters)
                Console.WriteLine($"  {h.Name,-16} {h.Default,-10:R} in {h.Range}{(h.Description.Length > 0 ? $"  {h.Description}" : "")}");
            Console.WriteLine();
            Console.WriteLine($"  for each element, float32: {cost.StateBytes(4)} bytes of state; a step moves {cost.BytesMoved(4)} bytes in {cost.Passes} pass(es) over memory, {cost.Operations} operations");
            if (cost.MatrixStages > 0)
                Console.WriteLine($"  and {cost.MatrixStages} matrix stage(s), whose cost depends on the shapes");
            return 0;
        });
        return command;
    }
}
