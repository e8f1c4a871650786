using System.Reflection;
using OptBias.Testing;

namespace OptBias.Package.Tests;

/// <summary>The packages' public API is the text beside this file: a change of it is a change of that text, in the open.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public Task Runtime() => Compare(typeof(DeclaredOptimizer).Assembly);

    [Fact]
    public Task Testing() => Compare(typeof(Snapshot).Assembly);

    static Task Compare(Assembly assembly, [System.Runtime.CompilerServices.CallerMemberName] string method = "") =>
        Snapshot.Verify(new GeneratedCode([new GeneratedFile("PublicApi.txt", PublicApiText.Of(assembly))]), method: method);
}
