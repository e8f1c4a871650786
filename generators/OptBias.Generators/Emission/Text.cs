using System.Globalization;
using System.Text;

namespace OptBias.Generators.Emission;

/// <summary>How values are written in generated text, on any machine the same.</summary>
internal static class Text
{
    /// <summary>A double as a C# literal that reads back to the same bits.</summary>
    public static string Literal(double value)
    {
        if (double.IsNaN(value))
            return "double.NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        var text = RoundTrip(value);
        return text.IndexOfAny(['.', 'E']) >= 0 ? text : text + ".0";
    }

    /// <summary>Whether the literal begins with a minus, as that of −0 does too.</summary>
    public static bool HasSign(double value) => value < 0 || (value == 0 && BitConverter.DoubleToInt64Bits(value) != 0);

    /// <summary>A double as a person writes it.</summary>
    public static string Number(double value) => RoundTrip(value).Replace("E-0", "e-").Replace("E", "e");

    /// <summary>A C# string literal, in one line whatever the text holds.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder("\"");
        for (var i = 0; i < value.Length; i++)
        {
            var letter = value[i];
            if (letter is '\\' or '"')
                text.Append('\\').Append(letter);
            else if (letter == '\n')
                text.Append("\\n");
            else if (!IsPlain(value, i))
                text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
            else
                text.Append(letter);
        }

        return text.Append('"').ToString();
    }

    /// <summary>Lines as a raw string literal of C#, so that they read in the source as they are.</summary>
    public static string Lines(IEnumerable<string> lines) => $"\"\"\"\n    {string.Join("\n    ", lines)}\n    \"\"\"";

    /// <summary>Text as it may stand in XML documentation, in one line: what XML cannot hold, and what ends a line, is a blank.</summary>
    public static string Xml(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            text.Append(value[i] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                _ => IsPlain(value, i) ? value[i].ToString() : " ",
            });
        }

        return text.ToString();
    }

    /// <summary>
    /// Whether a letter may stand in a line of source: it ends no line, turns no direction of writing, and is no half of a pair. By
    /// number, since the tables of letters differ from one runtime to another.
    /// </summary>
    private static bool IsPlain(string text, int place)
    {
        var letter = text[place];
        return !char.IsControl(letter)
            && (int)letter is not ((>= 0x200B and <= 0x200F) or (>= 0x2028 and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0xFEFF or 0xFFFE or 0xFFFF)
            && (!char.IsSurrogate(letter) || char.IsSurrogatePair(text, char.IsHighSurrogate(letter) ? place : Math.Max(place - 1, 0)));
    }

    /// <summary>Whether a word stands in a text of C#, and not just as a part of another.</summary>
    public static bool HasWord(string text, string word)
    {
        bool IsPartOfWord(int place) => place >= 0 && place < text.Length && (char.IsLetterOrDigit(text[place]) || text[place] == '_');
        var at = text.IndexOf(word, StringComparison.Ordinal);
        while (at >= 0 && (IsPartOfWord(at - 1) || IsPartOfWord(at + word.Length)))
            at = text.IndexOf(word, at + 1, StringComparison.Ordinal);
        return at >= 0;
    }

    public static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back to the same bits; "R" alone does not on .NET Framework.</summary>
    private static string RoundTrip(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(value)
            ? text
            : value.ToString("G17", CultureInfo.InvariantCulture);
    }
}
