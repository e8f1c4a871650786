using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Tests;

/// <summary>
/// The CUDA texts of the intrinsics are C++ that a host compiler takes too: compiled with clang where there is one, each is
/// what the C# function is, in both precisions.
/// </summary>
public sealed class CudaTextTests
{
    private static readonly double[] Numbers =
        [0, -0.0, 1, -1, 0.5, -2, 3.25, 1e-3, -1e-3, 1e-30, 17, -17, 60, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1.001, 0.1];

    [SkippableFact]
    public void They_are_the_functions_of_CSharp()
    {
        using var folder = new TemporaryFolder();
        var source = Path.Combine(folder.Path, "rows.cpp");
        var program = Path.Combine(folder.Path, "rows");
        File.WriteAllText(source, Program());
        var compiled = Run("clang", ["-O1", "-ffp-contract=off", "-x", "c++", source, "-o", program, "-lm"]);
        Skip.If(compiled is null, "There is no clang.");
        Assert.True(compiled!.Length == 0 && File.Exists(program), compiled);

        var lines = Run(program, [])!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Intrinsics.Rows.Count * Inputs().Count() * 2, lines.Length);
        foreach (var line in lines)
        {
            var parts = line.Split(' ');
            var row = Intrinsics.Rows.Single(r => r.Operation.ToString() == parts[0]);
            var single = parts[1] == "float";
            var inputs = parts[2..5].Select(Number).ToArray();
            var expected = Expected(row.Operation, inputs[0], inputs[1], inputs[2], single);
            var actual = Number(parts[5]);
            var unit = single ? 1.2e-7 : 2.3e-16;
            Assert.True(
                actual.Equals(expected) || (double.IsNaN(actual) && double.IsNaN(expected)) || Math.Abs(actual - expected) <= 2 * unit * Math.Abs(expected),
                $"{line}: expected {expected.ToString("R", CultureInfo.InvariantCulture)}.");
        }
    }

    private static double Number(string bits) => BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static IEnumerable<(double A, double B, double C)> Inputs() =>
        from a in Numbers
        from b in Numbers
        select (a, b, Math.Abs(a) < 1 ? b : 0.75);

    private static string Program()
    {
        var text = new StringBuilder("#include <cmath>\n#include <cstdio>\n#include <cstring>\n");
        text.Append("static unsigned long long bits(double x) { unsigned long long r; std::memcpy(&r, &x, 8); return r; }\n");
        text.Append("static double number(unsigned long long x) { double r; std::memcpy(&r, &x, 8); return r; }\nusing namespace std;\n");
        text.Append("#define __device__\n").Append(Intrinsics.CudaPrelude).Append('\n');
        text.Append("template <typename T> void rows(const char* type, T a, T b, T c) {\n");
        foreach (var row in Intrinsics.Rows)
            text.Append(CultureInfo.InvariantCulture, $"  {{ T r = {row.Cuda.Replace("{0}", "a", StringComparison.Ordinal).Replace("{1}", "b", StringComparison.Ordinal).Replace("{2}", "c", StringComparison.Ordinal)}; printf(\"{row.Operation} %s %016llx %016llx %016llx %016llx\\n\", type, bits(a), bits(b), bits(c), bits(r)); }}\n");
        text.Append("}\nint main() {\n");
        foreach (var (a, b, c) in Inputs())
        {
            foreach (var type in new[] { "float", "double" })
                text.Append(CultureInfo.InvariantCulture, $"  rows<{type}>(\"{type}\", ({type})number({Bits(a)}), ({type})number({Bits(b)}), ({type})number({Bits(c)}));\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Bits(double value) => $"0x{BitConverter.DoubleToUInt64Bits(value):x16}ull";

    private static double Expected(Operation operation, double a, double b, double c, bool single)
    {
        var result = operation switch
        {
            Operation.Sqrt => single ? float.Sqrt((float)a) : Math.Sqrt(a),
            Operation.Abs => Math.Abs(a),
            Operation.FusedMultiplyAdd => single ? float.FusedMultiplyAdd((float)a, (float)b, (float)c) : Math.FusedMultiplyAdd(a, b, c),
            Operation.Sign => OptBias.Kernels.HostOperations.Sign(a),
            Operation.CopySign => Math.CopySign(a, b),
            Operation.Min => Math.Min(a, b),
            Operation.Max => Math.Max(a, b),
            Operation.Clamp => Math.Min(Math.Max(a, b), c),
            Operation.Exp => Math.Exp(a),
            Operation.Log => Math.Log(a),
            Operation.Tanh => Math.Tanh(a),
            Operation.Power => Math.Pow(a, b),
            _ => throw new InvalidOperationException($"{operation} has no expectation."),
        };
        return single ? (float)result : result;
    }

    /// <summary>What a program prints; null if there is no such program.</summary>
    private static string? Run(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output + error.Result;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("optbias").FullName;

        public void Dispose() => Directory.Delete(this.Path, recursive: true);
    }
}
