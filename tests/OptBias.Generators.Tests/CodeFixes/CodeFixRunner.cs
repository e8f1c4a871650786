using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>Applies a code fix as an editor does.</summary>
internal static class CodeFixRunner
{
    /// <summary>The titles offered for the first diagnostic that the fix knows.</summary>
    public static async Task<IReadOnlyList<string>> TitlesAsync(CodeFixProvider fix, string source)
    {
        using var workspace = new AdhocWorkspace();
        return [.. (await ActionsAsync(fix, Document(workspace, source))).Select(action => action.Title)];
    }

    /// <summary>The source after the fix of the first diagnostic that it knows.</summary>
    public static async Task<string> ApplyAsync(CodeFixProvider fix, string source)
    {
        using var workspace = new AdhocWorkspace();
        var document = Document(workspace, source);
        var action = Assert.Single(await ActionsAsync(fix, document));
        var change = Assert.Single((await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>());
        return (await change.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }

    private static async Task<List<CodeAction>> ActionsAsync(CodeFixProvider fix, Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync())!;
        var diagnostic = (await DeclarationCompilation.AnalyzeAsync(compilation)).First(diagnostic => fix.FixableDiagnosticIds.Contains(diagnostic.Id));
        var actions = new List<CodeAction>();
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        return actions;
    }

    private static Document Document(AdhocWorkspace workspace, string source) => workspace
        .AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Declarations", "Declarations", LanguageNames.CSharp,
            compilationOptions: DeclarationCompilation.Options, parseOptions: CSharpParseOptions.Default, metadataReferences: DeclarationCompilation.References))
        .AddDocument("Declarations.cs", source, filePath: "Declarations.cs");
}
