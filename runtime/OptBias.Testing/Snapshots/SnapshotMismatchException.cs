namespace OptBias.Testing;

/// <summary>Generated code is not what its snapshot says.</summary>
/// <param name="message">Which files, where they differ, and how to accept.</param>
public sealed class SnapshotMismatchException(string message) : Exception(message);
