using System.Globalization;
using Microsoft.CodeAnalysis;
using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Tests;

/// <summary>Every diagnostic teaches: it has a page, and what the page says is so.</summary>
public sealed class DiagnosticPageTests
{
    public static TheoryData<string> Ids => [.. Descriptors.ById.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_diagnostic_has_its_page_and_every_page_its_diagnostic() =>
        Assert.Equal(Descriptors.ById.Keys.Order(StringComparer.Ordinal), DiagnosticPage.Ids);

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_page_has_the_diagnostics_title_severity_and_address(string id)
    {
        var descriptor = Descriptors.ById[id];
        var title = descriptor.Title.ToString(CultureInfo.InvariantCulture);
        Assert.StartsWith($"# {id}: {title}\n\n*{descriptor.DefaultSeverity}.* ", DiagnosticPage.Read(id).Text, StringComparison.Ordinal);
        Assert.Equal(HelpLinks.Of(id) ?? "", descriptor.HelpLinkUri);
        Assert.Contains($"| [{id}]({id}.md) | {descriptor.DefaultSeverity} | {title} |", DiagnosticPage.Index, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[.!]$", descriptor.MessageFormat.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("https://pages.example/diagnostics", "https://pages.example/diagnostics/OB0001.md")]
    [InlineData("https://pages.example/diagnostics/", "https://pages.example/diagnostics/OB0001.md")]
    public void A_help_link_leads_to_where_the_pages_are_published_and_nowhere_if_they_are_not(string? pages, string? link) =>
        Assert.Equal(link, HelpLinks.Of(pages, "OB0001"));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task What_the_page_calls_wrong_has_that_diagnostic_and_no_other(string id)
    {
        var compilation = DeclarationCompilation.Of(DiagnosticPage.Read(id).Code("Wrong"));
        var diagnostic = Assert.Single(await DeclarationCompilation.AnalyzeAsync(compilation));
        Assert.Equal(id, diagnostic.Id);
        Assert.Same(compilation.SyntaxTrees[0], diagnostic.Location.SourceTree);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task What_the_page_calls_right_has_none_and_compiles(string id)
    {
        var compilation = DeclarationCompilation.Generate(DeclarationCompilation.Of(DiagnosticPage.Read(id).Code("Right")));
        Assert.Empty(await DeclarationCompilation.AnalyzeAsync(compilation));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        Assert.True(compilation.SyntaxTrees.Count() > 1, "Nothing was generated.");
    }

    [Fact]
    public void Every_diagnostic_is_in_the_release_tracking_files_as_it_is_described()
    {
        var listed = ReleaseTracking.Read();
        Assert.Equal(Descriptors.ById.Keys.Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, row) in listed)
        {
            var descriptor = Descriptors.ById[id];
            Assert.Equal((descriptor.Category, descriptor.DefaultSeverity.ToString(), descriptor.Title.ToString(CultureInfo.InvariantCulture)), row);
        }
    }
}
