namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>The colours and sizes that all figures share.</summary>
internal static class Ink
{
    public const string Paper = "#ffffff";
    public const string Text = "#1f2328";
    public const string Quiet = "#57606a";
    public const string Axis = "#8c959f";
    public const string Grid = "#e6e8eb";
    public const string Empty = "#f6f8fa";
    public const double TextSize = 13;
    public const double TickSize = 12;

    /// <summary>What the shared colours are on a dark page.</summary>
    public static IReadOnlyDictionary<string, string> OnDark { get; } = new Dictionary<string, string>
    {
        [Paper] = "#0d1117",
        [Text] = "#e6edf3",
        [Quiet] = "#9da7b3",
        [Axis] = "#6e7681",
        [Grid] = "#262c36",
        [Empty] = "#161b22",
    };

    /// <summary>Patterns that tell variants of one optimizer apart; the first is solid.</summary>
    public static IReadOnlyList<double>[] Dashes { get; } = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2]];

    /// <summary>About how wide a text is: Open Sans and the system fonts of the page stay below.</summary>
    public static double Width(string text, double size) => text.Length * size * 0.56;

    /// <summary>A text in lines that are at most so wide; a word that is wider has a line of its own.</summary>
    public static IReadOnlyList<string> Wrapped(string text, double size, double width)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Width($"{lines[^1]} {word}", size) <= width)
                lines[^1] += $" {word}";
            else
                lines.Add(word);
        }

        return lines;
    }
}
