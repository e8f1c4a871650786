#if SNAPSHOT_VERIFY
using System.Reflection;
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
    private static readonly Lock Gate = new();

    /// <summary>Whether Verify knows what to do with the run of a generator. If not, its files are targets like others.</summary>
    private static bool convertsRuns;

    [ModuleInitializer]
    internal static void Initialize()
    {
        if (VerifySourceGenerators.Initialized)
        {
            convertsRuns = true;
            return;
        }

        try
        {
            InnerVerifier.ThrowIfVerifyHasBeenRun();
        }
        catch (Exception)
        {
            // A test has used Verify before, and Verify takes no converters then. It has no question for this but that exception.
            return;
        }

        VerifySourceGenerators.Initialize();
        convertsRuns = true;
    }

    public static async Task Verify(SnapshotName name, GeneratedCode code)
    {
        var targets = SnapshotTarget.Of(name, code);
        Prepare(name, targets);

        var settings = new VerifySettings();
        settings.UseDirectory(name.Directory);
        if (name.Parameters is not null)
            settings.UseTextForParameters(name.Parameters);
        if (SnapshotName.Accepts)
            settings.AutoVerify();

        // A test may compare several times under one name, as the default engine allows.
        settings.DisableRequireUniquePrefix();

        using var verifier = new InnerVerifier(
            Path.Combine(name.Directory, $"{name.TypeName}.cs"), settings, name.TypeName, name.MethodName, methodParameters: null, default);
        if (convertsRuns && code.RunResult is { } result)
            await verifier.Verify(result);
        else
            await verifier.Verify(targets.Select(target => new Target(target.Extension, target.Content, target.Name)));
    }

    /// <summary>What Verify keeps for the whole process: the extensions that are text, and the assembly of the tests.</summary>
    private static void Prepare(SnapshotName name, IEnumerable<SnapshotTarget> targets)
    {
        lock (Gate)
        {
            foreach (var extension in targets.Select(target => target.Extension).Where(extension => !FileExtensions.IsTextExtension(extension)))
                FileExtensions.AddTextExtension(extension);

            // Without an assembly Verify puts the framework into the names of received files. Once there is one, this does nothing.
            VerifierSettings.AssignTargetAssembly(AssemblyOfTheTest(name.Directory));
        }
    }

    /// <summary>The assembly whose project holds the folder; Verify's own build files have noted the projects in the assemblies.</summary>
    private static Assembly AssemblyOfTheTest(string directory) =>
        (from assembly in AppDomain.CurrentDomain.GetAssemblies()
         where !assembly.IsDynamic
         let project = AttributeReader.TryGetProjectDirectory(assembly, out var folder) ? Path.TrimEndingDirectorySeparator(folder) : null
         where project is not null && $"{directory}{Path.DirectorySeparatorChar}".StartsWith(project + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase)
         orderby project.Length descending
         select assembly).FirstOrDefault(typeof(SnapshotEngine).Assembly);
}
#endif
