namespace OptBias;

/// <summary>What is wrong with a file, said before the file's name is known.</summary>
internal sealed class MalformedSafeTensorsException(string message, Exception? inner = null) : Exception(message, inner);
