using System.Globalization;
using OptBias.Optimizers;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>The program that <see cref="KillTests"/> starts and kills: this assembly, run by itself.</summary>
internal static class KilledWriter
{
    /// <summary>The argument that asks for a process that saves after every step, so that a kill comes in the middle of a save.</summary>
    public const string Saving = "save-until-killed";

    /// <summary>The argument that asks for a process that saves now and then, so that a kill comes in the middle of a step.</summary>
    public const string Stepping = "step-until-killed";

    private const int StepsBetweenSaves = 20;

    /// <summary>Entry point of the test assembly; test hosts do not use it.</summary>
    public static int Main(string[] arguments)
    {
        if (arguments is not [Saving or Stepping, var path])
        {
            Console.Error.WriteLine($"These are tests; run them with dotnet test. (The only commands are {Saving} FILE and {Stepping} FILE.)");
            return 2;
        }

        using var optimizer = Make(arguments[0]);
        if (File.Exists(path))
            optimizer.Load(path);
        var every = Every(arguments[0]);
        while (true)
        {
            Run(optimizer, optimizer.States.First().Step + every);
            optimizer.Save(path);
            Console.WriteLine(optimizer.States.First().Step.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Steps between two saves.</summary>
    public static int Every(string command) => command == Saving ? 1 : StepsBetweenSaves;

    /// <summary>
    /// What is saved: about a megabyte of AdamW's state, whose writing takes longer than the step, or a SOAP whose steps take longer.
    /// </summary>
    public static DeclaredOptimizer Make(string command) => command == Saving
        ? new AdamW([("w", New(400, 300))])
        : new Soap([("w", New(24, 16)), ("v", New(7, 5, 3)), ("b", New(16))]);

    /// <summary>
    /// Steps on until the optimizer has taken so many (SOAP's first call makes its basis and takes none). Gradients follow from the number
    /// of the step alone, so that every process has the same.
    /// </summary>
    public static void Run(DeclaredOptimizer optimizer, long steps)
    {
        while (optimizer.States.First().Step is var step && step < steps)
        {
            using var generator = new Generator((ulong)step);
            using var scope = NewDisposeScope();
            foreach (var parameter in optimizer.parameters())
                parameter.grad = randn(parameter.shape, generator: generator);
            optimizer.step();
        }
    }

    private static Parameter New(params long[] shape) => new(ones(shape));
}
