using System.Runtime.InteropServices;

namespace OptBias.Package.Tests;

/// <summary>
/// A program that takes the package is published, started from the folder that was written, and steps as it does from a build.
/// docs/publishing.md says what each mode needs and what does not work in it.
/// </summary>
[Collection(FreshSolution.Collection)]
public sealed class PublishTests(FreshSolution solution)
{
    /// <summary>The modes beyond the cheap ones need the SDK's runtime packs: an address or folder from which they can be restored.</summary>
    private const string FeedVariable = "OPTBIAS_PUBLISH_FEED";

    /// <summary>Elementwise and matrix rules on the fused path alone, a composite, a checkpoint, and a module whose parameters are in fields.</summary>
    private const string Program = """
        using OptBias;
        using OptBiasNamespace;
        using TorchSharp;
        using static TorchSharp.torch;

        manual_seed(1);
        using var net = new Net();
        using var first = new Both(net.named_parameters()) { Backend = Backend.Fused };
        using var inputs = randn(8, 6);
        for (var step = 0; step < 5; step++)
        {
            first.zero_grad();
            net.forward(inputs).square().mean().backward();
            first.step();
        }

        var path = System.IO.Path.GetTempFileName();
        first.Save(path);
        using var second = new Both(net.named_parameters());
        second.Load(path);
        System.IO.File.Delete(path);
        var sum = net.parameters().Select(p => p.sum().item<float>()).Sum();
        Console.WriteLine(FormattableString.Invariant($"{second.States.Count()} parameters, {second.States.First().Step} steps, {sum:F4}"));

        internal sealed class Net : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> a = nn.Linear(6, 5), b = nn.Linear(5, 1);

            public Net() : base("net") => this.RegisterComponents();

            public override Tensor forward(Tensor x) => this.b.forward(this.a.forward(x).tanh());
        }

        [Optimizer, Momentum(0.9), Kronecker(0.99, UpdateEvery = 2), Graft(Grafting.Adam)]
        public sealed partial class Matrices;

        [Optimizer, Route(typeof(Matrices), When = ParameterShape.Matrix), Route(typeof(MyOptimizer))]
        public sealed partial class Both;
        """;

    /// <summary>As <c>dotnet publish</c> does it, and with all managed code in one file. Both need what every SDK has.</summary>
    [Fact]
    public async Task A_published_program_steps()
    {
        var project = await this.Project("Published");
        var output = await DotNet.Run(project, "publish", "--configuration", "Release", "--output", "../portable");
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
        var expected = await Start(project, "../portable", "Published");
        Assert.Matches(@"^4 parameters, 5 steps, -?\d+\.\d{4}\s*$", expected);

        await DotNet.Run(
            project, "publish", "--configuration", "Release", "--output", "../single", "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishSingleFile=true");
        Assert.Empty(Directory.GetFiles(Path.Combine(project, "../single"), "OptBias*.dll"));
        Assert.Equal(expected, await Start(project, "../single", "Published"));
    }

    /// <summary>With the runtime in it, also in one file that unpacks itself, trimmed, and compiled ahead of time: from the same sources, the same numbers.</summary>
    [SkippableFact]
    public async Task A_published_program_that_brings_its_runtime_steps()
    {
        var feed = Environment.GetEnvironmentVariable(FeedVariable);
        Skip.If(string.IsNullOrEmpty(feed), $"set {FeedVariable} to a feed with the SDK's runtime packs");
        var project = await this.Project("WithRuntime");
        var file = Path.Combine(project, "WithRuntime.csproj");
        File.WriteAllText(file, File.ReadAllText(file).Replace("</Project>", "<ItemGroup><TrimmerRootAssembly Include=\"$(AssemblyName)\" /></ItemGroup></Project>"));
        string[][] modes = [[], ["-p:PublishSingleFile=true", "-p:IncludeNativeLibrariesForSelfExtract=true"], ["-p:PublishTrimmed=true"], ["-p:PublishAot=true"]];
        var printed = new List<string>();
        foreach (var mode in modes)
        {
            await DotNet.Run(
                project,
                [
                    "publish", "--configuration", "Release", "--output", $"../runtime-{printed.Count}", "--runtime", RuntimeInformation.RuntimeIdentifier,
                    "--self-contained", "-p:TreatWarningsAsErrors=false", $"-p:RestoreAdditionalProjectSources={feed}", .. mode,
                ]);
            printed.Add(await Start(project, $"../runtime-{printed.Count}", "WithRuntime"));
        }

        Assert.Matches(@"^4 parameters, 5 steps, -?\d+\.\d{4}\s*$", printed[0]);
        Assert.All(printed, text => Assert.Equal(printed[0], text));
    }

    /// <summary>A project of a fresh solution with the program above; returns its folder.</summary>
    private async Task<string> Project(string name)
    {
        var project = Path.Combine(await solution.New(name), name);
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program.Replace("OptBiasNamespace", name));
        return project;
    }

    private static async Task<string> Start(string project, string folder, string name)
    {
        var start = new System.Diagnostics.ProcessStartInfo(Path.Combine(project, folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{folder} ended with {process.ExitCode}:\n{output}\n{await error}");
        return output;
    }
}
