using System.Globalization;
using System.Text;

namespace OptBias.Lab;

/// <summary>Text that may come from a file, made safe to show.</summary>
/// <remarks>
/// An escape code in a recorded name could clear the screen, retitle the window, or hide what stands beside it; a mark of direction
/// could turn a line around. Both are shown as what they are: <c>\u001b</c>.
/// </remarks>
public static class PrintableText
{
    /// <summary>The text on one line, every control character, line break and mark of direction as an escape.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string text) => Escape(text, static _ => false);

    /// <summary>As <see cref="Of"/>, but lines that continue a message stay: a line break with two spaces behind it, which nothing at the start of a line can be taken for.</summary>
    /// <param name="text">Any text.</param>
    public static string OfMessage(string text) => Escape(text, static rest => rest.StartsWith("\n  ", StringComparison.Ordinal));

    /// <summary>The text in Spectre's markup.</summary>
    /// <param name="text">Any text.</param>
    public static string Markup(string text) => Spectre.Console.Markup.Escape(Of(text));

    private delegate bool StaysAt(ReadOnlySpan<char> rest);

    private static string Escape(string text, StaysAt stays)
    {
        if (text.All(static c => c < 128 && !char.IsControl(c)))
            return text;
        var shown = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = Rune.TryGetRuneAt(text, i, out var rune) ? rune.Utf16SequenceLength : 1;
            if (length == 1 && char.IsSurrogate(text[i]))
                shown.Append('\uFFFD');
            else if (!IsControl(rune) || stays(text.AsSpan(i)))
                shown.Append(text, i, length);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            i += length;
        }

        return shown.ToString();
    }

    /// <summary>What a terminal acts upon instead of showing it.</summary>
    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
