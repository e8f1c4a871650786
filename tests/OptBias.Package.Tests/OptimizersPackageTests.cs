using System.Globalization;
using System.Text.RegularExpressions;

namespace OptBias.Package.Tests;

/// <summary>What a user of the ready-made optimizers does: a console project, one package and the natives, Muon on a small network, a rule of one's own beside it.</summary>
[Collection(FreshSolution.Collection)]
public sealed class OptimizersPackageTests(FreshSolution solution)
{
    private const string Program = """
        using OptBias;
        using OptBias.Optimizers;
        using TorchSharp;
        using static TorchSharp.torch;

        manual_seed(1);
        using var net = nn.Sequential(("embed", nn.Linear(6, 16)), ("act", nn.Tanh()), ("hidden", nn.Linear(16, 16)), ("act2", nn.Tanh()), ("head", nn.Linear(16, 1)));
        using var inputs = randn(64, 6);
        using var targets = inputs.sin().sum(1, keepdim: true);
        foreach (var optimizer in new DeclaredOptimizer[] { new Muon(net.named_parameters(), lr: 0.02), new Mine(net.named_parameters()) })
        {
            using (optimizer)
            {
                float first = 0, last = 0;
                for (var step = 0; step < 40; step++)
                {
                    optimizer.zero_grad();
                    var loss = nn.functional.mse_loss(net.forward(inputs), targets);
                    loss.backward();
                    optimizer.step();
                    last = loss.item<float>();
                    first = step == 0 ? last : first;
                }

                Console.WriteLine($"{optimizer.GetType().Name} {last < first} {optimizer.Routes.Count}");
            }
        }

        [Optimizer]
        [Route(typeof(AdamW), Names = "embed.*, head.*")]
        [Route(typeof(MuonMatrix), When = ParameterShape.Matrix, Name = "Muon")]
        [Route(typeof(AdamW), Name = "Rest")]
        public sealed partial class Mine;
        """;

    [Fact]
    public async Task Muon_trains_from_the_package_alone_and_a_declaration_stands_beside_it()
    {
        var output = await this.Run("ready-made", Program);

        Assert.Contains("Muon True 6", output);
        Assert.Contains("Mine True 6", output);
    }

    /// <summary>docs/training.md as it stands there: one program of all its blocks.</summary>
    [Fact]
    public async Task The_guide_to_training_trains_and_resumes()
    {
        var page = File.ReadAllText(Path.Combine(FreshPackages.RepositoryRoot, "docs", "training.md"));
        var program = string.Join("\n", Regex.Matches(page, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value));

        var output = await this.Run("training", program);

        Assert.Contains("parameter 'embed.weight': AdamW\nparameter 'hidden.weight': MuonMatrix", output.ReplaceLineEndings("\n"));
        var losses = Regex.Match(output, @"straight (\d\.\d{4}), resumed (\d\.\d{4})");
        Assert.True(losses.Success, output);
        Assert.Equal(losses.Groups[1].Value, losses.Groups[2].Value);
        Assert.InRange(double.Parse(losses.Groups[1].Value, CultureInfo.InvariantCulture), 0, 4);
        Assert.Matches(@"\d\.\d\d bits per byte", output);
    }

    private async Task<string> Run(string name, string program)
    {
        var folder = Directory.CreateDirectory(Path.Combine(solution.Packages.Root, name)).FullName;
        var libtorch = OperatingSystem.IsWindows() ? "libtorch-cpu-win-x64" : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64" : "libtorch-cpu-linux-x64";
        File.WriteAllText(Path.Combine(folder, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="OptBias.Optimizers" Version="{solution.Packages.Version}" />
                <PackageReference Include="{libtorch}" Version="{LibTorchVersion}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
        return await DotNet.Run(folder, "run", "--configuration", "Release");
    }

    private static string LibTorchVersion =>
        System.Xml.Linq.XDocument.Load(Path.Combine(FreshPackages.RepositoryRoot, "Directory.Packages.props")).Descendants("LibTorchVersion").Single().Value;
}
