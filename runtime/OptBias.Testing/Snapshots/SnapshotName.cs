namespace OptBias.Testing;

/// <summary>Where the snapshots of one test lie, and how their names begin.</summary>
/// <param name="Directory">The folder of the test's source file.</param>
/// <param name="TypeName">The test class: the name of its source file.</param>
/// <param name="MethodName">The test method.</param>
/// <param name="Parameters">What tells the cases of one method apart, or null.</param>
internal sealed record SnapshotName(string Directory, string TypeName, string MethodName, string? Parameters)
{
    /// <summary>Set to accept what was generated instead of comparing it.</summary>
    public const string AcceptVariable = "OPTBIAS_ACCEPT_SNAPSHOTS";

    /// <summary>Whether it is set.</summary>
    public static bool Accepts => Environment.GetEnvironmentVariable(AcceptVariable) is "1" or "true";

    /// <summary><c>{Class}.{Method}</c>, or <c>{Class}.{Method}_{parameters}</c>.</summary>
    public string Prefix => this.Parameters is null ? $"{this.TypeName}.{this.MethodName}" : $"{this.TypeName}.{this.MethodName}_{this.Parameters}";

    /// <summary>From what the compiler knows of the caller.</summary>
    /// <exception cref="ArgumentException">The parameters cannot be part of a file name.</exception>
    /// <exception cref="DirectoryNotFoundException">The source file's folder is not there, as when only binaries were copied.</exception>
    public static SnapshotName Of(string sourceFile, string method, string? parameters)
    {
        if (parameters is not null && (parameters.Length == 0 || parameters.IndexOfAny(['#', '/', '\\', ':', '*', '?', '"', '<', '>', '|', '\n', '\r']) >= 0))
            throw new ArgumentException($"'{parameters}' becomes part of a file's name; it must not be empty or hold any of # / \\ : * ? \" < > |.", nameof(parameters));
        var directory = Path.GetDirectoryName(sourceFile)!;
        return System.IO.Directory.Exists(directory)
            ? new SnapshotName(directory, Path.GetFileNameWithoutExtension(sourceFile), method, parameters)
            : throw new DirectoryNotFoundException(
                $"Snapshots lie beside the source of their test, {sourceFile}, but its folder is not there. Run the tests where they were built. "
                + "If the path is not the one of the file, the build has replaced it: ContinuousIntegrationBuild=true does so by DeterministicSourcePaths, "
                + "and so does PathMap. Set DeterministicSourcePaths=false, and no PathMap, in the test project.");
    }

    /// <summary>The file of a generated file, or of the diagnostics where <paramref name="name"/> is null.</summary>
    public string FileName(string? name, string kind, string extension) =>
        Path.Combine(this.Directory, name is null ? $"{this.Prefix}.{kind}.{extension}" : $"{this.Prefix}#{name}.{kind}.{extension}");

    /// <summary>The files that are there: <c>{Prefix}#*.{kind}.*</c> and <c>{Prefix}.{kind}.*</c>, and no other test's.</summary>
    public IEnumerable<string> ExistingFiles(string kind) =>
        from path in System.IO.Directory.EnumerateFiles(this.Directory)
        let file = Path.GetFileName(path)
        where file.StartsWith(this.Prefix, StringComparison.Ordinal)
        let rest = file[this.Prefix.Length..]
        where rest.StartsWith($".{kind}.", StringComparison.Ordinal)
            || (rest.StartsWith('#') && rest.Contains($".{kind}.", StringComparison.Ordinal))
        orderby file
        select path;
}
