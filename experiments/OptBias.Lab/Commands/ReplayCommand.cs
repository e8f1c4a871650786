using System.CommandLine;
using System.Globalization;
using OptBias.Testing;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias replay FILE</c>: runs the gradients of a recorded trajectory through the declared optimizer of that name.</summary>
internal static class ReplayCommand
{
    /// <summary>What float64 arithmetic in another order may cost.</summary>
    private const double DefaultTolerance = 1e-6;

    public static Command Create(Laboratory laboratory)
    {
        var file = new Argument<string>("file") { Description = "A trajectory, .safetensors." };
        var tolerance = new Option<double>("--tolerance") { DefaultValueFactory = _ => DefaultTolerance, Description = "Largest error that is no failure: |a - b| / (|b| + 0.01)." };
        var backend = new Option<string>("--backend") { DefaultValueFactory = _ => nameof(Backend.Auto), Description = "Auto, Fused or TorchSharp." };
        var command = new Command("replay", "Replays a recorded trajectory; exit code 1 where the error exceeds the tolerance.") { file, tolerance, backend };
        command.SetAction(parsed => Replay(laboratory, parsed.GetRequiredValue(file), parsed.GetValue(tolerance), parsed.GetRequiredValue(backend)));
        return command;
    }

    private static int Replay(Laboratory laboratory, string file, double tolerance, string backendName)
    {
        if (double.IsNaN(tolerance) || tolerance < 0)
            throw new ArgumentException($"--tolerance is {tolerance}; give a number that is not negative.");
        if (!Enum.TryParse<Backend>(backendName, ignoreCase: true, out var backend) || !Enum.IsDefined(backend))
            throw new ArgumentException($"Unknown backend '{backendName}'. {NearestName.Suggest(backendName, Enum.GetNames<Backend>())}Known: {string.Join(", ", Enum.GetNames<Backend>())}.");
        var trajectory = Trajectory.Load(file);
        var optimizer = laboratory.Optimizers.Find(trajectory.Optimizer);
        Console.WriteLine($"{optimizer.Name} against {PrintableText.Of(trajectory.Source)}");
        foreach (var (name, value) in trajectory.Hyperparameters)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {PrintableText.Of(name)} = {value:R}"));
        var error = Replay(trajectory, optimizer, backend, file);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"max error {error:0.###e+00} over {trajectory.Steps} steps"));
        return error > tolerance ? 1 : 0;
    }

    /// <summary>What the optimizer or libtorch says about recorded numbers that no step can be taken with is said of the file.</summary>
    private static double Replay(Trajectory trajectory, OptimizerDescriptor optimizer, Backend backend, string file)
    {
        try
        {
            return trajectory.Replay(optimizer, backend);
        }
        catch (Exception e) when (e is not (ArgumentException or OutOfMemoryException))
        {
            throw new InvalidDataException($"{file}: {optimizer.Name} cannot take the recorded steps: {e.Message.Split('\n')[0].Trim()}", e);
        }
    }
}
