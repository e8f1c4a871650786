namespace OptBias.Lab.Data;

/// <summary>Something is wrong with the data that the user pointed at. The message names the file and what is wrong with it.</summary>
public sealed class DataException : Exception
{
    /// <summary>Something is wrong with a file or a directory.</summary>
    /// <param name="path">The file or the directory.</param>
    /// <param name="problem">What is wrong with it, as a sentence that continues "PATH: ".</param>
    /// <param name="inner">What the system said, if it said anything.</param>
    public DataException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner) => this.Path = path;

    /// <summary>The file or the directory that is wrong.</summary>
    public string Path { get; }
}
