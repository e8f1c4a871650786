using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;

namespace OptBias.Testing;

/// <summary>What a generator wrote, and what it complained about.</summary>
public sealed partial class GeneratedCode
{
    /// <summary>Collects generated files.</summary>
    /// <param name="files">The files; they are put in the ordinal order of their hint names.</param>
    /// <param name="diagnostics">What was reported.</param>
    public GeneratedCode(IEnumerable<GeneratedFile> files, IEnumerable<Diagnostic>? diagnostics = null)
    {
        this.Files = [.. files.OrderBy(file => file.HintName, StringComparer.Ordinal)];
        this.Diagnostics = [.. diagnostics ?? []];
    }

    /// <summary>The generated files in the ordinal order of their hint names.</summary>
    public IReadOnlyList<GeneratedFile> Files { get; }

    /// <summary>What was reported, in the order of the report.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>The files as Verify.SourceGenerators goes through them: generator by generator. Files of one name are numbered in this order.</summary>
    internal IEnumerable<GeneratedFile> InOrderOfTheRun => this.RunResult is null
        ? this.Files
        : this.RunResult.Results.SelectMany(generator => FilesOf(generator).OrderBy(file => file.HintName, StringComparer.Ordinal));

    /// <summary>The run that this is the result of, if it is one's.</summary>
    internal GeneratorDriverRunResult? RunResult { get; private init; }

    /// <summary>The result of a generator's run.</summary>
    /// <remarks>If a generator has crashed, its own exception is thrown: the compiler makes a warning of it.</remarks>
    public static GeneratedCode Of(GeneratorDriverRunResult result)
    {
        List<Exception> exceptions = [.. result.Results.Select(generator => generator.Exception).OfType<Exception>()];
        if (exceptions.Count == 1)
            ExceptionDispatchInfo.Throw(exceptions[0]);
        if (exceptions.Count > 1)
            throw new AggregateException(exceptions);
        return new GeneratedCode(result.Results.SelectMany(FilesOf), result.Diagnostics) { RunResult = result };
    }

    private static IEnumerable<GeneratedFile> FilesOf(GeneratorRunResult generator) =>
        generator.GeneratedSources.Select(source => new GeneratedFile(source.HintName, source.SourceText.ToString()));
}
