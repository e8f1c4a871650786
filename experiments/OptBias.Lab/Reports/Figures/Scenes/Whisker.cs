namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>An interval as a line, with ends where it lies on a bar and paler where it crosses other points.</summary>
internal static class Whisker
{
    private const double Width = 1.3;
    private const double Pale = 0.55;

    public static void OnBar(SceneGroup group, double x, double low, double high, double cap)
    {
        group.Line(x, low, x, high, Ink.Text, Width);
        group.Line(x - cap, low, x + cap, low, Ink.Text, Width);
        group.Line(x - cap, high, x + cap, high, Ink.Text, Width);
    }

    public static void Vertical(SceneGroup group, double x, double low, double high, string color) =>
        group.Line(x, low, x, high, color, Width, opacity: Pale);

    public static void Horizontal(SceneGroup group, double y, double low, double high, string color) =>
        group.Line(low, y, high, y, color, Width, opacity: Pale);
}
