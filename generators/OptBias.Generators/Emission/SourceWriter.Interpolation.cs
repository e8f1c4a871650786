using System.Runtime.CompilerServices;

namespace OptBias.Generators.Emission;

/// <summary>
/// Interpolated lines, whose parts go into the file as they come: no line is put together first. They take text alone; numbers
/// become text through <see cref="Text"/>, which writes them on any machine the same.
/// </summary>
internal sealed partial class SourceWriter
{
    /// <inheritdoc cref="Line(string)"/>
    public void Line([InterpolatedStringHandlerArgument("")] Parts lines) => this.EndLine();

    /// <inheritdoc cref="Open(string, string)"/>
    public Block Open([InterpolatedStringHandlerArgument("")] Parts header, string close = "}")
    {
        this.EndLine();
        return this.OpenBrace(close);
    }

    /// <summary>What the compiler makes of an interpolated string: a call for each of its parts.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Parts
    {
        private readonly SourceWriter writer;

        public Parts(int literalLength, int formattedCount, SourceWriter writer) => this.writer = writer;

        public void AppendLiteral(string text) => this.writer.Write(text);

        public void AppendFormatted(string? text) => this.writer.Write(text ?? "");
    }
}
