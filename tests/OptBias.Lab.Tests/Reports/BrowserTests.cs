using OptBias.Lab.Reports;

namespace OptBias.Lab.Tests.Reports;

public sealed class BrowserTests : IDisposable
{
    private const string NoBrowser = "Chromium is not installed: the page was not opened.";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("optbias-report");

    public void Dispose() => this.folder.Delete(recursive: true);

    [SkippableFact]
    public void The_page_opens_without_errors_and_a_checkbox_switches_an_optimizer_in_all_figures()
    {
        var browser = Browser.Find();
        Skip.If(browser is null, NoBrowser);
        var report = SampleReport.Make("Sgd", "Adam \"W\" <b>", "Shampoo");
        var page = ReportWriter.Write(report, this.folder.FullName);

        const string Script = """
            const visible = name => [...document.querySelectorAll('figure svg g[data-optimizer]')]
              .filter(g => g.dataset.optimizer === name && getComputedStyle(g).display !== 'none').length;
            const boxes = [...document.querySelectorAll('.legend input')];
            const said = [];
            said.push(`figures=${document.querySelectorAll('figure svg').length}`);
            said.push(`width=${document.querySelector('figure svg').getBoundingClientRect().width > 300}`);
            said.push(`before=${boxes.map(b => visible(b.value)).join(',')}`);
            boxes[1].click();
            said.push(`after=${boxes.map(b => visible(b.value)).join(',')}`);
            boxes[1].click();
            said.push(`again=${boxes.map(b => visible(b.value)).join(',')}`);
            document.querySelector('.legend button[value=none]').click();
            said.push(`none=${boxes.map(b => visible(b.value)).join(',')}`);
            said.push(`requests=${performance.getEntriesByType('resource').length}`);
            document.body.setAttribute('data-said', said.join(' '));
            """;
        var (document, console) = Browser.Open(browser!, page, Script);
        Assert.Empty(console);

        // Six figures show each optimizer (the seventh is over optimizers and belongs to none).
        Assert.Contains("data-said=\"figures=7 width=true before=6,6,6 after=6,0,6 again=6,6,6 none=0,0,0 requests=0\"", document, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void An_error_in_a_page_would_be_seen()
    {
        var browser = Browser.Find();
        Skip.If(browser is null, NoBrowser);
        var page = Path.Combine(this.folder.FullName, "broken.html");
        File.WriteAllText(page, "<html><body></body></html>");
        Assert.NotEmpty(Browser.Open(browser!, page, "missing();").Console);
    }
}
