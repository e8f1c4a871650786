namespace OptBias.Generators.Declarations;

/// <summary>One quantity's name in each notation.</summary>
/// <param name="Identifier">In C#: <c>beta1</c>.</param>
/// <param name="Unicode">In plain text: <c>β₁</c>.</param>
/// <param name="Latex">In LaTeX: <c>\beta_1</c>.</param>
internal sealed record Symbol(string Identifier, string Unicode, string Latex)
{
    /// <summary>A symbol that is the same in all notations, such as <c>m</c>.</summary>
    public static Symbol Plain(string letter) => new(letter, letter, letter);

    /// <summary>The symbol for a stage that the user has named: <c>m⁽slow⁾</c>.</summary>
    public Symbol For(string? stageName) => stageName is null
        ? this
        : new(Naming.ToVariable(Naming.ToCamelCase(stageName) + Naming.ToPascalCase(this.Identifier)), $"{this.Unicode}⁽{stageName}⁾", $"{this.Latex}^{{(\\text{{{Naming.ToLatex(stageName)}}})}}");
}
