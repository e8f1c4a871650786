using OptBias.Generators.Declarations;

namespace OptBias.Generators.Emission;

/// <summary>The namespace and the types around a generated class, opened together and closed together.</summary>
internal sealed class TypeScope : IDisposable
{
    private readonly Stack<SourceWriter.Block> blocks = new();
    private readonly SourceWriter writer;

    public TypeScope(SourceWriter writer, OptimizerDeclaration declaration)
    {
        this.writer = writer;
        if (declaration.Namespace.Length > 0)
            this.Open("namespace " + declaration.Namespace);
        foreach (var container in declaration.ContainingTypes)
            this.Open(container);
    }

    public void Open(string header) => this.blocks.Push(this.writer.Open(header));

    public void Dispose()
    {
        while (this.blocks.Count > 0)
            this.blocks.Pop().Dispose();
    }
}
