using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptBias.Generators;

namespace OptBias.Benchmarks.Generator;

/// <summary>Makes drivers of the generator.</summary>
internal static class Drivers
{
    public static GeneratorDriver Create(bool recordsSteps) => CSharpGeneratorDriver.Create(
        [new OptimizerGenerator().AsSourceGenerator()],
        parseOptions: CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, recordsSteps));
}
