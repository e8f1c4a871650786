using System.Globalization;
using System.Text;

namespace OptBias.Generators.Emission;

/// <summary>
/// Names as CUDA C takes them: ASCII, no word of C++, and none that the kernel's frame uses. C# allows more; a name that has to
/// change gets an underscore.
/// </summary>
internal sealed class CudaNames
{
    private static readonly HashSet<string> Words = new(
        """
        alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await co_return
        co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast
        else enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq
        nullptr operator or or_eq private protected public register reinterpret_cast requires return short signed sizeof static
        static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename union unsigned using
        virtual void volatile wchar_t while xor xor_eq linux unix
        sqrt fabs fma copysign exp log tanh pow smaller larger signum power load store from_bits block_sum for_elements is_aligned tensor load_rows load_columns Layout layout
        threadIdx blockIdx blockDim gridDim warpSize Threads Elements Parameter Gradient State Real Chunk Table Pack Width Piece
        bfloat16 float16 table chunk row width c i k s widen narrow
        """.Split(new[] { ' ', '\n', '\r' }, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>
    /// The name for a C# name of the pass, the same one each time; different names stay different. A name with a space in it, such
    /// as <c>m values</c>, is nobody's in C#, and so the frame's own.
    /// </summary>
    public string Of(string name)
    {
        if (!this.known.TryGetValue(name, out var found))
        {
            found = Ascii(name.Replace(" values", "Values"));
            while (Words.Contains(found) || !this.taken.Add(found))
                found += "_";
            this.known.Add(name, found);
        }

        return found;
    }

    /// <summary>Letters that ASCII lacks by their code. Names that begin with an underscore and a capital belong to the compiler.</summary>
    public static string Ascii(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (letter < 128 && (char.IsLetterOrDigit(letter) || letter == '_'))
                text.Append(letter);
            else
                text.Append('u').Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
        }

        text.Replace("__", "_u_");
        return text[0] == '_' ? "u" + text : text.ToString();
    }
}
