#if SNAPSHOT_VERIFY
using System.Runtime.CompilerServices;
using EmptyFiles;
using VerifyTests;

namespace OptBias.Testing;

/// <summary>
/// The same files through Verify: <c>-p:SnapshotEngine=Verify</c>. Runs of a generator go through Verify.SourceGenerators
/// as they are, the text of compiled classes as Verify's targets of the same names.
/// </summary>
internal static class SnapshotEngine
{
    [ModuleInitializer]
    internal static void Initialize()
    {
        if (!VerifySourceGenerators.Initialized)
            VerifySourceGenerators.Initialize();
        FileExtensions.AddTextExtension("cu");

        // A test may compare several times under one name, as the default engine allows.
        VerifierSettings.DisableRequireUniquePrefix();
    }

    public static async Task Verify(SnapshotName name, GeneratedCode code)
    {
        var settings = new VerifySettings();
        settings.UseDirectory(name.Directory);
        if (name.Parameters is not null)
            settings.UseTextForParameters(name.Parameters);

        // Verify keeps a final newline; the snapshots have none.
        foreach (var extension in code.Files.Select(file => file.Extension).Distinct())
            settings.AddScrubber(extension, text => text.Length = SnapshotFile.Normalize(text.ToString()).Length);

        using var verifier = new InnerVerifier(
            Path.Combine(name.Directory, $"{name.TypeName}.cs"), settings, name.TypeName, name.MethodName, methodParameters: null, default);
        if (code.RunResult is { } result)
            await verifier.Verify(result);
        else
            await verifier.Verify(Targets(code));
    }

    private static IEnumerable<Target> Targets(GeneratedCode code)
    {
        if (code.Diagnostics.Count > 0)
            yield return new Target("txt", DiagnosticText.Format(code.Diagnostics));
        foreach (var file in code.Files)
            yield return new Target(file.Extension, SnapshotFile.Content(file), file.Name);
    }
}
#endif
