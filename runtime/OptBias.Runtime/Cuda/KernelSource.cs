using System.Text;

namespace OptBias.Cuda;

/// <summary>The text that is compiled for an optimizer: what all kernels share, and its own.</summary>
internal static class KernelSource
{
    /// <summary><c>Prelude.cu</c>.</summary>
    public static readonly string Prelude = ReadPrelude();

    /// <summary>The whole text in ASCII: other letters stand in comments only, and not every NVRTC takes them there.</summary>
    public static string Of(string kernels)
    {
        var text = new StringBuilder(Prelude.Length + kernels.Length + 2);
        text.Append(Prelude).Append('\n').Append(kernels).Append('\n');
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > 126)
                text[i] = '?';
        }

        return text.ToString();
    }

    private static string ReadPrelude()
    {
        using var stream = typeof(KernelSource).Assembly.GetManifestResourceStream("OptBias.Cuda.Prelude.cu")
            ?? throw new InvalidOperationException("OptBias.Runtime was built without its resource Cuda/Prelude.cu.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
