using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OptBias.Runtime.Tests;

/// <summary>Damages files: as disks and networks do (bits, bytes, ends), and as somebody does who knows the format (numbers, words and sizes of the header).</summary>
internal sealed partial class Mutator(int seed)
{
    private static readonly string[] Numbers =
        ["0", "-1", "1", "2", "3", "7", "1e308", "1e400", "-0", "0.5", "NaN", "null", "true", "\"x\"", "[]", "{}", "9007199254740993", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551615"];

    private static readonly long[] Lengths = [0, 1, -1, 7, 8, 100_000_000, 100_000_001, int.MaxValue, uint.MaxValue, long.MaxValue, long.MinValue];

    private readonly Random random = new(seed);

    /// <summary>The next number, below a bound.</summary>
    public int Next(int bound) => this.random.Next(bound);

    /// <summary>Damages bytes without knowing what they mean.</summary>
    public byte[] Blindly(byte[] sound)
    {
        var bytes = new List<byte>(sound);
        for (var change = this.random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
        {
            var place = this.random.Next(bytes.Count);
            var length = Math.Min(this.random.Next(1, 64), bytes.Count - place);
            switch (this.random.Next(7))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << this.random.Next(8));
                    break;
                case 1:
                    bytes[place] = (byte)this.random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(place, length);
                    break;
                case 3:
                    bytes.InsertRange(place, bytes.GetRange(place, length));
                    break;
                case 4:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                case 5:
                    bytes.AddRange(new byte[length]);
                    break;
                default:
                    var number = new byte[8];
                    BinaryPrimitives.WriteInt64LittleEndian(number, Lengths[this.random.Next(Lengths.Length)]);
                    for (var i = 0; i < 8 && place + i < bytes.Count; i++)
                        bytes[place + i] = number[i];
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Changes words of the JSON header of a safetensors file, and its length with it.</summary>
    public byte[] InHeader(byte[] sound)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(sound);
        var header = Encoding.UTF8.GetBytes(this.InText(Encoding.UTF8.GetString(sound, 8, length)));
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. sound.AsSpan(8 + length)];
    }

    /// <summary>Changes words of JSON: a number, a name, a bracket.</summary>
    public string InText(string json)
    {
        for (var change = this.random.Next(1, 3); change > 0; change--)
        {
            var words = Word().Matches(json);
            if (words.Count == 0)
                return json;
            var word = words[this.random.Next(words.Count)];
            var with = this.random.Next(5) switch
            {
                0 => "",
                1 => words[this.random.Next(words.Count)].Value,
                2 => word.Value + word.Value,
                3 => this.random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
                _ => Numbers[this.random.Next(Numbers.Length)],
            };
            json = json[..word.Index] + with + json[(word.Index + word.Length)..];
        }

        return json;
    }

    [GeneratedRegex("""-?[0-9][0-9.eE+-]*|"[^"]*"|[\[\]{},:]|[a-z]+""")]
    private static partial Regex Word();
}
