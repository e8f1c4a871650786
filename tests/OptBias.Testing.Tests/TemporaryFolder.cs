namespace OptBias.Testing.Tests;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("optbias-");

    public string FullName => this.directory.FullName;

    public string this[string name] => Path.Combine(this.directory.FullName, name);

    public void Dispose() => this.directory.Delete(recursive: true);
}
