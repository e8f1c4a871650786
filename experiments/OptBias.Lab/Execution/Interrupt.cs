using System.Runtime.InteropServices;

namespace OptBias.Lab.Execution;

/// <summary>Turns Ctrl-C and a polite kill into a cancellation: running trials stop after their step, finished ones are stored already. A second Ctrl-C ends at once.</summary>
public sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Starts to listen.</summary>
    public Interrupt() => this.registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, this.Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, this.Handle),
    ];

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => this.source.Token;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var registration in this.registrations)
            registration.Dispose();
        this.source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (this.source.IsCancellationRequested)
            return;
        context.Cancel = true;
        this.source.Cancel();
    }
}
