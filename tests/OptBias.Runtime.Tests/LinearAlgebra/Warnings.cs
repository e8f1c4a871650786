using System.Collections.Concurrent;
using OptBias.LinearAlgebra;

namespace OptBias.Runtime.Tests.LinearAlgebra;

/// <summary>Hears the warnings about one parameter; the handler is shared by tests that run side by side.</summary>
internal sealed class Warnings : IDisposable
{
    private static readonly ConcurrentQueue<string> All = new();
    private readonly string parameter;
    private readonly int before;

    static Warnings() => MatrixWarnings.Handler = All.Enqueue;

    public Warnings(string parameter)
    {
        this.parameter = parameter;
        this.before = this.Mine().Count();
    }

    public IReadOnlyList<string> Messages => [.. this.Mine().Skip(this.before)];

    public void Dispose()
    {
    }

    private IEnumerable<string> Mine() => All.Where(message => message.Contains($"'{this.parameter}'", StringComparison.Ordinal));
}
