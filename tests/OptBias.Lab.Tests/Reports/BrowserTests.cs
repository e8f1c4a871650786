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
              .filter(g => g.dataset.optimizer === name && g.getClientRects().length > 0).length;
            const boxes = [...document.querySelectorAll('.legend input')];
            const said = [];
            said.push(`figures=${[...document.querySelectorAll('figure svg')].filter(svg => svg.getClientRects().length > 0).length}`);
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

    [SkippableTheory]
    [InlineData(1100, false)]
    [InlineData(1100, true)]
    [InlineData(500, false)]
    [InlineData(500, true)]
    public void Text_can_be_read_on_wide_and_narrow_screens_by_day_and_by_night(int width, bool dark)
    {
        var browser = Browser.Find();
        Skip.If(browser is null, NoBrowser);
        var page = ReportWriter.Write(SampleReport.Make(), this.folder.FullName);

        // Every text of every figure that is shown: its size on the screen, and its contrast with the page. Text in cells stands on its cell.
        const string Script = """
            const light = color => color.match(/[\d.]+/g).slice(0, 3).map(v => v / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
              .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const paper = light(getComputedStyle(document.documentElement).backgroundColor);
            const contrast = color => { const l = light(color); return (Math.max(l, paper) + 0.05) / (Math.min(l, paper) + 0.05); };
            let smallest = 100, palest = 100, texts = 0;
            for (const svg of document.querySelectorAll('figure svg')) {
              if (svg.getClientRects().length === 0)
                continue;
              const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
              for (const text of svg.querySelectorAll('text')) {
                texts++;
                smallest = Math.min(smallest, scale * parseFloat(text.getAttribute('font-size')));
                if (!['#000000', '#fafafa'].includes(text.getAttribute('fill')))
                  palest = Math.min(palest, contrast(getComputedStyle(text).fill));
              }
            }
            const words = Math.min(...[...document.querySelectorAll('p, td, th, label, figcaption')].map(e => contrast(getComputedStyle(e).color)));
            const fits = document.documentElement.scrollWidth <= window.innerWidth;
            document.body.setAttribute('data-said', `texts=${texts > 100} size=${smallest >= 10} ink=${palest >= 4} words=${words >= 4.5} night=${paper < 0.1} fits=${fits} ${smallest} ${palest}`);
            """;
        var (document, console) = Browser.Open(browser!, page, Script, width, dark);
        Assert.Empty(console);
        var said = document[document.IndexOf("data-said", StringComparison.Ordinal)..][..140];
        Assert.True(said.Contains($"texts=true size=true ink=true words=true night={(dark ? "true" : "false")} fits=true", StringComparison.Ordinal), said);
    }

    [SkippableFact]
    public void Pointing_near_a_mark_shows_its_value()
    {
        var browser = Browser.Find();
        Skip.If(browser is null, NoBrowser);
        var page = ReportWriter.Write(SampleReport.Make(), this.folder.FullName);
        const string Script = """
            const mark = document.querySelector('figure#forgetting-frontier .wide [data-tip]');
            mark.scrollIntoView({ block: 'center', behavior: 'instant' });
            const box = mark.getBoundingClientRect();
            const point = (x, y) => mark.closest('svg').dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: x, clientY: y }));
            point(box.left - 1, box.top - 1);
            const tip = document.querySelector('.tip');
            const near = tip.hidden ? '' : tip.textContent;
            point(-500, -500);
            document.body.setAttribute('data-said', `near=${near.startsWith('Sgd, lr 1e-8: learning accuracy 0.73')} far=${tip.hidden} native=${document.querySelectorAll('figure title').length} ${near}`);
            """;
        var (document, console) = Browser.Open(browser!, page, Script);
        Assert.Empty(console);
        var said = document[document.IndexOf("data-said", StringComparison.Ordinal)..][..160];
        Assert.True(said.Contains("near=true far=true native=0", StringComparison.Ordinal), said);
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
