using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace OptBias.Testing;

/// <summary>
/// Compares generated code with files beside the test: <c>{Class}.{Method}#{hint name}.verified.cs</c>, and what was reported
/// with <c>{Class}.{Method}.verified.txt</c>. A difference fails with a diff and leaves <c>.received.</c> files. See docs/snapshots.md.
/// </summary>
/// <remarks>A test returns the task: <c>public Task AdamW() => Snapshot.Of&lt;AdamW>();</c></remarks>
public static class Snapshot
{
    /// <summary>Compares the code that was generated for a declared optimizer, as it was compiled.</summary>
    /// <typeparam name="TOptimizer">The declared class.</typeparam>
    /// <param name="parameters">What tells the cases of a parameterised test apart, or null; it becomes part of the files' names.</param>
    /// <param name="sourceFile">The test's source file, filled in by the compiler.</param>
    /// <param name="method">The test's method, filled in by the compiler.</param>
    /// <exception cref="SnapshotMismatchException">They differ, or a snapshot is missing, or one has no counterpart.</exception>
    public static Task Of<TOptimizer>(string? parameters = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "")
        where TOptimizer : DeclaredOptimizer => Of(typeof(TOptimizer), parameters, sourceFile, method);

    /// <inheritdoc cref="Of{TOptimizer}"/>
    /// <param name="type">The declared class.</param>
    /// <param name="parameters">What tells the cases of a parameterised test apart, or null.</param>
    /// <param name="sourceFile">The test's source file, filled in by the compiler.</param>
    /// <param name="method">The test's method, filled in by the compiler.</param>
    public static Task Of(Type type, string? parameters = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        Verify(GeneratedCode.Of(type), parameters, sourceFile, method);

    /// <summary>Compares what is generated for source text, and what the analyzers say about it.</summary>
    /// <inheritdoc cref="Of{TOptimizer}"/>
    /// <param name="source">C# with declarations; see <see cref="GeneratedCode.OfSourceAsync"/>.</param>
    /// <param name="parameters">What tells the cases of a parameterised test apart, or null.</param>
    /// <param name="sourceFile">The test's source file, filled in by the compiler.</param>
    /// <param name="method">The test's method, filled in by the compiler.</param>
    public static async Task OfSource(
        [StringSyntax("C#")] string source, string? parameters = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        await Verify(await GeneratedCode.OfSourceAsync(source).ConfigureAwait(false), parameters, sourceFile, method).ConfigureAwait(false);

    /// <summary>Compares what a generator's run has left.</summary>
    /// <inheritdoc cref="Of{TOptimizer}"/>
    /// <param name="driver">A driver that has run.</param>
    /// <param name="parameters">What tells the cases of a parameterised test apart, or null.</param>
    /// <param name="sourceFile">The test's source file, filled in by the compiler.</param>
    /// <param name="method">The test's method, filled in by the compiler.</param>
    public static Task Verify(
        GeneratorDriver driver, string? parameters = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        Verify(driver.GetRunResult(), parameters, sourceFile, method);

    /// <summary>Compares the result of a generator's run.</summary>
    /// <inheritdoc cref="Of{TOptimizer}"/>
    /// <param name="result">The result.</param>
    /// <param name="parameters">What tells the cases of a parameterised test apart, or null.</param>
    /// <param name="sourceFile">The test's source file, filled in by the compiler.</param>
    /// <param name="method">The test's method, filled in by the compiler.</param>
    public static Task Verify(
        GeneratorDriverRunResult result, string? parameters = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        Verify(GeneratedCode.Of(result), parameters, sourceFile, method);

    /// <summary>Compares generated files of any origin.</summary>
    /// <inheritdoc cref="Of{TOptimizer}"/>
    /// <param name="code">The files and what was reported.</param>
    /// <param name="parameters">What tells the cases of a parameterised test apart, or null.</param>
    /// <param name="sourceFile">The test's source file, filled in by the compiler.</param>
    /// <param name="method">The test's method, filled in by the compiler.</param>
    public static Task Verify(
        GeneratedCode code, string? parameters = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        SnapshotEngine.Verify(SnapshotName.Of(sourceFile, method, parameters), code);
}
