using ScottPlot;
using SkiaSharp;

namespace OptBias.Lab.Reports.Figures.Painters;

/// <summary>The font of the PNG plots, carried along: a fresh machine may have none at all, and text would silently be missing.</summary>
internal static class EmbeddedFont
{
    /// <summary>The name under which ScottPlot finds it.</summary>
    public const string Name = "OptBias Open Sans";

    private static readonly Lock Gate = new();
    private static bool registered;

    /// <summary>Makes ScottPlot find it; again and again is fine.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (registered)
                return;
            Fonts.FontResolvers.Insert(0, new Resolver());
            registered = true;
        }
    }

    private sealed class Resolver : IFontResolver
    {
        private readonly SKData regular = Load("OpenSans-Regular.ttf");
        private readonly SKData semibold = Load("OpenSans-Semibold.ttf");

        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            this.CreateTypeface(fontName, weight >= FontWeight.SemiBold, slant != FontSlant.Upright);

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            fontName == Name ? SKTypeface.FromData(bold ? this.semibold : this.regular) : null;

        private static SKData Load(string file)
        {
            using var stream = typeof(EmbeddedFont).Assembly.GetManifestResourceStream($"OptBias.Lab.Reports.{file}")
                ?? throw new InvalidOperationException($"The font {file} is missing from the program.");
            return SKData.Create(stream);
        }
    }
}
