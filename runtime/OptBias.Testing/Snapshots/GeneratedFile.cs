namespace OptBias.Testing;

/// <summary>One generated file.</summary>
/// <param name="HintName">The generator's name for it, with its extension: <c>My.Optimizers.AdamW.g.cs</c>.</param>
/// <param name="Text">What it holds.</param>
public sealed record GeneratedFile(string HintName, string Text)
{
    /// <summary>The hint name without its last extension: what tells the snapshots of one test apart.</summary>
    public string Name => Path.GetFileNameWithoutExtension(this.HintName);

    /// <summary>The last extension without its dot: <c>cs</c>; <c>cs</c> too where there is none.</summary>
    public string Extension => Path.GetExtension(this.HintName) is { Length: > 1 } extension ? extension[1..] : "cs";
}
