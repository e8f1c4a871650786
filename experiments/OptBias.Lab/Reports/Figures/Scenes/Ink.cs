namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>The colours and sizes that all figures share.</summary>
internal static class Ink
{
    public const string Text = "#1f2328";
    public const string Quiet = "#57606a";
    public const string Axis = "#8c959f";
    public const string Grid = "#e6e8eb";
    public const double TextSize = 13;
    public const double TickSize = 12;

    /// <summary>Patterns that tell variants of one optimizer apart; the first is solid.</summary>
    public static IReadOnlyList<double>[] Dashes { get; } = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2]];

    /// <summary>About how wide a text is: Open Sans and the system fonts of the page stay below.</summary>
    public static double Width(string text, double size) => text.Length * size * 0.56;
}
