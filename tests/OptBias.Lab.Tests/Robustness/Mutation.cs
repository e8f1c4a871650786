using System.Buffers.Binary;
using System.Text;

namespace OptBias.Lab.Tests.Robustness;

/// <summary>What happens to files: bits flip, ends are lost, parts are repeated, numbers and words become others.</summary>
internal static class Mutation
{
    private static readonly int[] Numbers = [0, 1, -1, 7, 28, int.MaxValue, int.MinValue, 0x1F8B0800, 0x803, 0x801, 1 << 30];

    private static readonly byte[][] Words =
        [.. ((string[])["null", "-1", "1e999", "\"NaN\"", "[]", "{}", "[[[[", "\"\\ud800\"", "99999999999999999999", "\u001b[2J", "\"\"", ",", "}", "true"]).Select(Encoding.UTF8.GetBytes)];

    /// <summary>One to four changes; the same for the same seed.</summary>
    public static byte[] Of(byte[] whole, int seed)
    {
        var random = new Random(seed);
        var bytes = whole.ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
            Change(bytes, random);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(bytes.Count - at, random.Next(1, 16));
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1).Concat(bytes.GetRange(at, length)).ToArray());
                break;
            case 5:
                var number = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(number, Numbers[random.Next(Numbers.Length)]);
                if (random.Next(2) == 0)
                    Array.Reverse(number);
                Overwrite(random.Next(2) == 0 ? Math.Min(bytes.Count - 1, 4 * random.Next(6)) : at, number);
                break;
            case 6:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                break;
            default:
                // A word of JSON in place of a whole value.
                var begin = bytes.IndexOf((byte)':', at);
                var end = begin < 0 ? -1 : bytes.IndexOf((byte)',', begin);
                if (end < 0)
                    break;
                bytes.RemoveRange(begin + 1, end - begin - 1);
                bytes.InsertRange(begin + 1, Words[random.Next(Words.Length)]);
                break;
        }

        void Overwrite(int from, byte[] with)
        {
            for (var i = 0; i < with.Length && from + i < bytes.Count; i++)
                bytes[from + i] = with[i];
        }
    }
}
