using System.Globalization;
using OptBias.Optimizers;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>The program that <see cref="KillTests"/> starts and kills: this assembly, run by itself.</summary>
internal static class KilledWriter
{
    /// <summary>The argument that asks for it.</summary>
    public const string Command = "save-until-killed";

    /// <summary>Entry point of the test assembly; test hosts do not use it.</summary>
    public static int Main(string[] arguments)
    {
        if (arguments is not [Command, var path])
        {
            Console.Error.WriteLine($"These are tests; run them with dotnet test. (The only command is {Command} FILE.)");
            return 2;
        }

        using var optimizer = Make();
        if (File.Exists(path))
            optimizer.Load(path);
        while (true)
        {
            optimizer.step();
            optimizer.Save(path);
            Console.WriteLine(optimizer.States.First().Step.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>An optimizer with about a megabyte of state, large enough for a kill to come in the middle of a write.</summary>
    public static AdamW Make() => new([("w", new Parameter(ones(400, 300)) { grad = ones(400, 300) })]);
}
