namespace OptBias.Lab.Storage;

/// <summary>Results cannot be written or read, or belong to something else. The message says what and where.</summary>
/// <param name="message">What and where.</param>
/// <param name="inner">What the system said.</param>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
