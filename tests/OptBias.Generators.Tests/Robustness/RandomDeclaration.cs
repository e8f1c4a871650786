namespace OptBias.Generators.Tests;

/// <summary>A declaration made by chance. The same seed makes the same one.</summary>
/// <param name="Name">The name of its class in metadata.</param>
/// <param name="Source">The declaration as C#, with the classes that it needs.</param>
/// <param name="Expected">The diagnostic that it must have, or null.</param>
/// <param name="IsOptimizer">Whether an optimizer comes out of it.</param>
internal sealed record RandomDeclaration(string Name, string Source, string? Expected, bool IsOptimizer)
{
    /// <summary>A valid one may have a warning; it is compiled and run like any other.</summary>
    public bool IsValid => this.Expected is null || Diagnostics.Descriptors.ById[this.Expected].DefaultSeverity != Microsoft.CodeAnalysis.DiagnosticSeverity.Error;

    /// <summary>A declaration of which a third has a mistake, and a tenth is a composite.</summary>
    public static RandomDeclaration Make(int seed)
    {
        var random = new Random(seed);
        var draft = new DeclarationDraft(random, seed);
        if (random.Next(10) == 0)
            draft.MakeComposite(random);
        else
            draft.Take(new StageGrammar(random));
        string? expected = null;
        if (random.Next(3) == 0)
        {
            var mistake = DeclarationMistakes.All[random.Next(DeclarationMistakes.All.Count)];
            mistake.Make(draft, random);
            expected = mistake.Id;
        }

        return new RandomDeclaration(draft.MetadataName, draft.ToString(), expected, draft.Optimizer.Length > 0);
    }
}
