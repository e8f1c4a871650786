using System.Text;

namespace OptBias.Generators.Emission;

/// <summary>Writes lines with indentation, <c>\n</c> only, no trailing blanks.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    /// <summary>Writes text of one or more lines at the current depth.</summary>
    public SourceWriter Line(string lines = "")
    {
        foreach (var line in lines.Split('\n'))
        {
            var trimmed = line.TrimEnd();
            if (trimmed.Length > 0)
                this.text.Append(' ', this.depth * 4).Append(trimmed);
            this.text.Append('\n');
        }

        return this;
    }

    /// <summary>Writes a header, an opening brace, and on disposal the closing one.</summary>
    public Block Open(string header, string close = "}")
    {
        if (header.Length > 0)
            this.Line(header);
        this.Line("{");
        this.depth++;
        return new Block(this, close);
    }

    public override string ToString() => this.text.ToString();

    internal readonly struct Block(SourceWriter writer, string close) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            writer.Line(close);
        }
    }
}
