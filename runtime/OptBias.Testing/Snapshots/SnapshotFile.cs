using System.Text;

namespace OptBias.Testing;

/// <summary>The encoding of snapshot files: UTF-8 with a byte order mark, LF, final newlines as they were generated.</summary>
internal static class SnapshotFile
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>Makes LF of every line ending.</summary>
    public static string Normalize(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>A generated file as it is stored: its hint name stands above it.</summary>
    public static string Content(GeneratedFile file) => Normalize($"//HintName: {file.HintName}\n{file.Text}");

    /// <summary>Reads without the mark, and otherwise as it is: a wrong line ending is a difference.</summary>
    public static string Read(string path) => File.ReadAllText(path, Encoding);

    public static void Write(string path, string content) => File.WriteAllText(path, content, Encoding);
}
