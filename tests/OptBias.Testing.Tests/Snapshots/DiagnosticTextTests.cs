using Microsoft.CodeAnalysis;

namespace OptBias.Testing.Tests;

/// <summary>The layout of diagnostics is that of Verify.SourceGenerators, in its corners too.</summary>
public sealed class DiagnosticTextTests
{
    [Fact]
    public void A_blank_description_and_a_blank_link_are_left_out()
    {
        var text = Format(Descriptor(description: "  \n ", help: "  "));
        Assert.DoesNotContain("Description", text, StringComparison.Ordinal);
        Assert.DoesNotContain("HelpLink", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("first\nsecond", "Description:\nfirst\nsecond,\n")]
    [InlineData("first\r\nsecond\r\n", "Description:\nfirst\nsecond\n,\n")]
    [InlineData("\nfirst", "Description:\nfirst,\n")]
    [InlineData("one line", "Description: one line,\n")]
    public void A_value_of_several_lines_begins_on_a_line_of_its_own(string description, string expected) =>
        Assert.Contains(expected, Format(Descriptor(description)), StringComparison.Ordinal);

    [Fact]
    public void A_message_of_several_lines_does_so_too() => Assert.StartsWith(
        "{\n  Diagnostics: [\n    {\n      Message:\nabout\nthis,\n      Severity: Warning,\n", Format(Descriptor()), StringComparison.Ordinal);

    private static string Format(DiagnosticDescriptor descriptor) => DiagnosticText.Format([Diagnostic.Create(descriptor, Location.None, "this")]);

#pragma warning disable RS2008, RS1032, RS1033 // A toy has no releases to track, and these texts are odd on purpose.
    private static DiagnosticDescriptor Descriptor(string description = "", string help = "") => new(
        "TOY2", "A title", "about\n{0}", "Toys", DiagnosticSeverity.Warning, isEnabledByDefault: true, description, help);
#pragma warning restore RS2008, RS1032, RS1033
}
