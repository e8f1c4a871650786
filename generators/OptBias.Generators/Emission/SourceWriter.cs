using System.Text;

namespace OptBias.Generators.Emission;

/// <summary>Writes lines with indentation, <c>\n</c> only, no trailing blanks.</summary>
internal sealed partial class SourceWriter
{
    private readonly StringBuilder text = new();
    private int depth;
    private bool isAtLineStart = true;

    /// <summary>Writes text of one or more lines at the current depth.</summary>
    public void Line(string lines = "")
    {
        this.Write(lines);
        this.EndLine();
    }

    /// <summary>Writes a header, an opening brace, and on disposal the closing one.</summary>
    public Block Open(string header, string close = "}")
    {
        if (header.Length > 0)
            this.Line(header);
        return this.OpenBrace(close);
    }

    /// <summary>Writes one level deeper until disposal.</summary>
    public Block Indent()
    {
        this.depth++;
        return new Block(this, close: null);
    }

    public override string ToString() => this.text.ToString();

    private Block OpenBrace(string close)
    {
        this.Line("{");
        this.depth++;
        return new Block(this, close);
    }

    private void Write(string part)
    {
        var start = 0;
        for (var end = part.IndexOf('\n'); end >= 0; end = part.IndexOf('\n', start))
        {
            this.WriteWithinLine(part, start, end);
            this.EndLine();
            start = end + 1;
        }

        this.WriteWithinLine(part, start, part.Length);
    }

    private void WriteWithinLine(string part, int start, int end)
    {
        if (start == end)
            return;
        if (this.isAtLineStart)
            this.text.Append(' ', this.depth * 4);
        this.isAtLineStart = false;
        this.text.Append(part, start, end - start);
    }

    private void EndLine()
    {
        while (this.text.Length > 0 && this.text[this.text.Length - 1] == ' ')
            this.text.Length--;
        this.text.Append('\n');
        this.isAtLineStart = true;
    }

    internal readonly struct Block(SourceWriter writer, string? close) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            if (close is not null)
                writer.Line(close);
        }
    }
}
