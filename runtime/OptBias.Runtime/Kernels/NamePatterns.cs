namespace OptBias.Kernels;

/// <summary>Patterns of parameter names, separated by commas: <c>*embed*, head.*</c>. <c>*</c> stands for any characters, <c>?</c> for one.</summary>
public sealed class NamePatterns
{
    /// <summary>Reads patterns.</summary>
    /// <param name="text">The patterns, as the attribute has them.</param>
    public NamePatterns(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        this.Text = text;
        this.All = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The patterns as they were written.</summary>
    public string Text { get; }

    /// <summary>The patterns, one by one.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Whether one of the patterns is the whole of a name. Upper and lower case differ.</summary>
    public bool Match(string name) => this.All.Any(pattern => Matches(pattern, name));

    /// <summary>Whether a pattern is the whole of a name.</summary>
    internal static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // At a mismatch the last * takes one character more; there is no need to look further back.
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || (pattern[p] == name[n] && pattern[p] != '*')))
                (p, n) = (p + 1, n + 1);
            else if (p < pattern.Length && pattern[p] == '*')
                (star, resume, p) = (p, n, p + 1);
            else if (star >= 0)
                (p, n) = (star + 1, ++resume);
            else
                return false;
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    /// <inheritdoc/>
    public override string ToString() => this.Text;
}
