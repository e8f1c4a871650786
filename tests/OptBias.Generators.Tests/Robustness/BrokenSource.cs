using Microsoft.CodeAnalysis.CSharp;

namespace OptBias.Generators.Tests;

/// <summary>Source text in which some tokens are gone, doubled, swapped or replaced by others of the same text.</summary>
internal static class BrokenSource
{
    /// <summary>Breaks it in one to four places.</summary>
    public static string Of(string source, Random random)
    {
        // A declaration that has been pasted a second time and not yet been given a name of its own.
        if (random.Next(8) == 0)
            source += random.Next(2) == 0 ? source : source.ToUpperInvariant().Replace("OPTIMIZER", "Optimizer", StringComparison.Ordinal);
        var tokens = SyntaxFactory.ParseTokens(source).Select(token => token.ToFullString()).ToList();
        for (var k = 1 + random.Next(4); k > 0 && tokens.Count > 1; k--)
        {
            var (i, j) = (random.Next(tokens.Count), random.Next(tokens.Count));
            switch (random.Next(4))
            {
                case 0:
                    tokens.RemoveAt(i);
                    break;
                case 1:
                    tokens.Insert(i, tokens[i]);
                    break;
                case 2:
                    (tokens[i], tokens[j]) = (tokens[j], tokens[i]);
                    break;
                default:
                    tokens[i] = tokens[j];
                    break;
            }
        }

        return string.Concat(tokens);
    }
}
