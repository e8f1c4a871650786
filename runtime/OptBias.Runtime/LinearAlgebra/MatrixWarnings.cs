namespace OptBias.LinearAlgebra;

/// <summary>What the matrix stages have to say without stopping: a root that could not be refreshed and was kept.</summary>
public static class MatrixWarnings
{
    /// <summary>Who hears a warning. Null, the default, writes it to the standard error stream. Called on the thread that steps the optimizer.</summary>
    public static Action<string>? Handler { get; set; }

    internal static void Raise(string message)
    {
        if (Handler is { } handler)
            handler(message);
        else
            Console.Error.WriteLine($"warning: {message}");
    }
}
