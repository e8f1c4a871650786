namespace OptBias.Build;

/// <summary>A file that is not the ELF library it was taken for. The message says which file, and what was expected.</summary>
public sealed class UnexpectedElfException : Exception
{
    /// <summary>Says what about which file was unexpected.</summary>
    public UnexpectedElfException(string file, string what)
        : base($"{file}: {what}")
    {
    }
}
