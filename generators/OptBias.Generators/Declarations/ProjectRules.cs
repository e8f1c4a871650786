using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>What generated code asks of the project in which it is compiled. Without it the compiler's errors would stand in code that nobody wrote.</summary>
internal static class ProjectRules
{
    /// <summary>Raw strings, static members of interfaces, collections and lists of parameters that are spans. What .NET 10 comes with is newer.</summary>
    public const LanguageVersion OldestLanguage = LanguageVersion.CSharp13;

    private const string TensorAssembly = "TorchSharp";

    /// <summary>Reports what is missing, at the class's attribute.</summary>
    /// <param name="optimizer">The attribute.</param>
    /// <param name="hasLoops">Whether loops are generated in this project, for the class or for those that it routes to.</param>
    /// <param name="compilation">The project.</param>
    /// <param name="report">Where to.</param>
    public static void Check(AttributeData optimizer, bool hasLoops, Compilation compilation, StageDiagnostics report)
    {
        if (compilation is CSharpCompilation { LanguageVersion: var version } && version < OldestLanguage)
            report.Report(Descriptors.LanguageTooOld, OldestLanguage.ToDisplayString(), version.ToDisplayString());
        if (hasLoops && compilation.Options is CSharpCompilationOptions { AllowUnsafe: false })
            report.Report(Descriptors.UnsafeCodeOff);
        if (optimizer.AttributeClass?.ContainingAssembly is { } runtime)
            CheckAliases(runtime.Modules.SelectMany(m => m.ReferencedAssemblySymbols).Where(a => a.Name == TensorAssembly).Prepend(runtime), compilation, report);
    }

    /// <summary>Whether what stands in for an optimizer compiles: it names types by <c>global::</c>, and says what may be null, as C# 8 does.</summary>
    public static bool TakesPlaceholder(IEnumerable<DiagnosticInfo> missing, Compilation compilation) =>
        missing.All(d => d.Id != Descriptors.ReferenceWithAlias.Id) && compilation is CSharpCompilation { LanguageVersion: >= LanguageVersion.CSharp8 };

    /// <summary>Reports assemblies that have another name than <c>global::</c> in this project, and not that one too.</summary>
    public static bool CheckAliases(IEnumerable<IAssemblySymbol> assemblies, Compilation compilation, StageDiagnostics report)
    {
        var clean = true;
        foreach (var assembly in assemblies)
        {
            if (compilation.GetMetadataReference(assembly)?.Properties.Aliases is not { IsDefaultOrEmpty: false } aliases || aliases.Contains(MetadataReferenceProperties.GlobalAlias))
                continue;
            report.Report(Descriptors.ReferenceWithAlias, assembly.Name, string.Join(",", aliases));
            clean = false;
        }

        return clean;
    }
}
