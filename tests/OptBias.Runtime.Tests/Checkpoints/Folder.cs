namespace OptBias.Runtime.Tests;

/// <summary>A folder that is there as long as a test runs.</summary>
internal sealed class Folder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("optbias-checkpoints-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => Path.Combine(this.path, name);

    /// <summary>Names of all files, in ordinal order.</summary>
    public IEnumerable<string> Files => Directory.GetFiles(this.path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(this.path, recursive: true);
}
