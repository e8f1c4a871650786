using OptBias.Lab.Reports;
using OptBias.Lab.Statistics;

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

    [SkippableTheory]
    [InlineData(1100, "table")]
    [InlineData(700, "scroll")]
    public void Wide_tables_fit_a_screen_or_scroll_in_it(int width, string how)
    {
        var browser = Browser.Find();
        Skip.If(browser is null, NoBrowser);
        var page = ReportWriter.Write(Wide(), this.folder.FullName);

        const string Script = """
            const scrolls = [...document.querySelectorAll('.scroll')];
            const fits = scrolls.every(s => s.scrollWidth <= s.clientWidth) ? 'table' : 'scroll';
            const page = document.documentElement.scrollWidth <= window.innerWidth;
            const wide = scrolls[0];
            wide.scrollLeft = 10000;
            const name = wide.querySelector('tbody th').getBoundingClientRect().left >= wide.getBoundingClientRect().left - 1;
            document.body.setAttribute('data-said', `${fits} page=${page} name=${name}`);
            """;
        var (document, console) = Browser.Open(browser!, page, Script, width);
        Assert.Empty(console);
        Assert.Contains($"data-said=\"{how} page=true name=true\"", document, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Wide_tables_fit_on_paper()
    {
        var browser = Browser.Find();
        Skip.If(browser is null, NoBrowser);
        var page = ReportWriter.Write(Wide(), this.folder.FullName);

        // The rules for paper, applied on the screen to a body as wide as a sheet of A4 inside its margins.
        const string Script = """
            const sheet = document.styleSheets[0];
            const print = [...sheet.cssRules].find(rule => rule instanceof CSSMediaRule && rule.media.mediaText === 'print');
            for (const rule of [...print.cssRules].filter(rule => rule instanceof CSSStyleRule))
              sheet.insertRule(rule.cssText, sheet.cssRules.length);
            document.body.style.width = '178mm';
            document.body.style.margin = '0';
            const room = document.body.getBoundingClientRect().width;
            const widest = Math.max(...[...document.querySelectorAll('table')].map(table => table.getBoundingClientRect().width));
            document.body.setAttribute('data-said', `fits=${widest <= room} tables=${document.querySelectorAll('table').length}`);
            """;
        var (document, console) = Browser.Open(browser!, page, Script);
        Assert.Empty(console);
        Assert.Contains("data-said=\"fits=true tables=5\"", document, StringComparison.Ordinal);
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

    /// <summary>As wide as the studies' widest: six columns of negative numbers with intervals, long names, each row with a variant.</summary>
    private static StudyReport Wide()
    {
        var report = SampleReport.Make("Sgd", "PowerPropPreconditionedMomentum", "PowerPropMomentum-biases-SgdMomentum");
        var cell = new Interval(-1.201, -1.331, -1.122);
        string[] columns = ["Procrustes distance", "Accuracy at 10% kept", "Disagreement", "Effective rank", "Loss barrier", "Barrier, matched"];
        return report with
        {
            Summary = report.Summary with
            {
                Metrics = [.. columns.Select(c => new ReportMetric(c, "", Better.Higher))],
                Rows = [.. report.Optimizers.Select(o => new SummaryRow(o.Name, [.. columns.Select(_ => cell)], "against PowerPropMomentum-biases-SgdMomentum"))],
            },
        };
    }
}
