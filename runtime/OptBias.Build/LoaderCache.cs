using System.Text;

namespace OptBias.Build;

/// <summary>
/// The loader's cache of libraries (<c>/etc/ld.so.cache</c>, format "glibc-ld.so.cache1.1"; glibc,
/// sysdeps/generic/dl-cache.h).
/// </summary>
internal static class LoaderCache
{
    const int HeaderSize = 48;
    const int EntrySize = 24;

    static readonly byte[] Magic = Encoding.ASCII.GetBytes("glibc-ld.so.cache1.1");

    /// <summary>The paths that the cache has for a library, in its order. A cache of another format has none.</summary>
    public static IReadOnlyList<string> PathsOf(byte[] cache, string library)
    {
        // A cache written for old loaders as well has the older format first; offsets count from the newer header.
        var start = IndexOf(cache, Magic);
        if (start < 0)
            return [];

        try
        {
            var bytes = new ElfBytes(cache, "ld.so.cache");
            var paths = new List<string>();
            var count = bytes.UInt32(start + 20, "the number of libraries");
            for (var index = 0L; index < count; index++)
            {
                var entry = start + HeaderSize + index * EntrySize;
                if (bytes.Text(start + (long)bytes.UInt32(entry + 4, "an entry"), "a library's name") == library)
                    paths.Add(bytes.Text(start + (long)bytes.UInt32(entry + 8, "an entry"), "a library's path"));
            }

            return paths;
        }
        catch (UnexpectedElfException)
        {
            // The loader ignores a damaged cache and searches the standard directories; so does the caller.
            return [];
        }
    }

    static int IndexOf(byte[] bytes, byte[] sought)
    {
        for (var at = 0; at + sought.Length <= bytes.Length; at++)
        {
            var length = 0;
            while (length < sought.Length && bytes[at + length] == sought[length])
                length++;
            if (length == sought.Length)
                return at;
        }

        return -1;
    }
}
