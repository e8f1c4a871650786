namespace OptBias.Generators.Programs;

/// <summary>
/// A function that per-element methods may call, with its text for every target. In a text <c>{0}</c> stands for an operand
/// and <c>[0]</c> for one in parentheses where it is more than a name.
/// </summary>
/// <param name="Operation">Its operation.</param>
/// <param name="Arity">How many operands.</param>
/// <param name="Methods">What C# calls it, on <c>Math</c>, <c>MathF</c>, <c>float</c> and <c>double</c>.</param>
/// <param name="Lanes">C# over lanes.</param>
/// <param name="Cuda">CUDA C, for float and double alike.</param>
/// <param name="Torch">TorchSharp; <c>O.</c> stands for the runtime's <c>TensorOperations</c>.</param>
/// <param name="Host">C# on doubles.</param>
/// <param name="Unicode">In plain mathematics.</param>
/// <param name="Latex">In LaTeX.</param>
/// <param name="Ulps">Largest error of the vector form against the scalar one, in units in the last place; 0 is the same bits.</param>
internal sealed record Intrinsic(
    Operation Operation, int Arity, string[] Methods, string Lanes, string Cuda, string Torch, string Host, string Unicode, string Latex, int Ulps);

/// <summary>
/// The functions of the language: one row for each, read by the reader of per-element methods and by all printers. A new
/// function is a row here, an operation, and its method in <c>ILanes</c>.
/// </summary>
internal static class Intrinsics
{
    /// <summary>CUDA C that the rows' CUDA texts call: what its own functions do otherwise with NaN. Operands may be long, so they stand once.</summary>
    public const string CudaPrelude = """
        template <typename T> static __device__ inline T smaller(T a, T b) { return a < b || a != a ? a : b; }
        template <typename T> static __device__ inline T larger(T a, T b) { return a > b || a != a ? a : b; }
        template <typename T> static __device__ inline T signum(T a) { return T(a > T(0)) - T(a < T(0)); }
        """;

    private const string Math = "global::System.Math.";

    public static readonly IReadOnlyList<Intrinsic> Rows =
    [
        // Correctly rounded everywhere.
        new(Operation.Sqrt, 1, ["Sqrt"], "V.Sqrt({0})", "sqrt({0})", "[0].Sqrt()", Math + "Sqrt({0})", "√[0]", "\\sqrt{{{0}}}", 0),
        new(Operation.Abs, 1, ["Abs"], "V.Abs({0})", "fabs({0})", "[0].Abs()", Math + "Abs({0})", "|{0}|", "|{0}|", 0),
        new(Operation.FusedMultiplyAdd, 3, ["FusedMultiplyAdd"], "V.FusedMultiplyAdd({0}, {1}, {2})", "fma({0}, {1}, {2})", "O.FusedMultiplyAdd({0}, {1}, {2})", Math + "FusedMultiplyAdd({0}, {1}, {2})", "[0] [1] + [2]", "[0] [1] + [2]", 0),

        // C# throws at the sign of NaN; here it is 0, as in torch.
        new(Operation.Sign, 1, ["Sign"], "V.Sign({0})", "signum({0})", "[0].Sign()", "global::OptBias.Kernels.HostOperations.Sign({0})", "sign({0})", "\\operatorname{sign}({0})", 0),
        new(Operation.CopySign, 2, ["CopySign"], "V.CopySign({0}, {1})", "copysign({0}, {1})", "O.CopySign({0}, {1})", Math + "CopySign({0}, {1})", "|{0}| sign({1})", "|{0}| \\operatorname{sign}({1})", 0),

        // NaN if one is NaN, which CUDA's fmin and fmax are not.
        new(Operation.Min, 2, ["Min"], "V.Min({0}, {1})", "smaller({0}, {1})", "O.Min({0}, {1})", Math + "Min({0}, {1})", "min({0}, {1})", "\\min({0}, {1})", 0),
        new(Operation.Max, 2, ["Max"], "V.Max({0}, {1})", "larger({0}, {1})", "O.Max({0}, {1})", Math + "Max({0}, {1})", "max({0}, {1})", "\\max({0}, {1})", 0),

        // C# throws where the lower limit exceeds the upper one, and passes over a limit that is NaN; here the upper one wins,
        // and the result is NaN.
        new(Operation.Clamp, 3, ["Clamp"], "V.Clamp({0}, {1}, {2})", "smaller(larger({0}, {1}), {2})", "O.Min(O.Max({0}, {1}), {2})", Math + "Min(" + Math + "Max({0}, {1}), {2})", "clamp({0}, {1}, {2})", "\\operatorname{clamp}({0}, {1}, {2})", 0),

        // The runtime's own vector functions. A power with one exponent for all elements is exp(p log x), whose error grows with |p log x|.
        new(Operation.Exp, 1, ["Exp"], "V.Exp({0})", "exp({0})", "[0].Exp()", Math + "Exp({0})", "exp({0})", "\\exp({0})", 2),
        new(Operation.Log, 1, ["Log"], "V.Log({0})", "log({0})", "[0].Log()", Math + "Log({0})", "ln({0})", "\\ln({0})", 4),
        new(Operation.Tanh, 1, ["Tanh"], "V.Tanh({0})", "tanh({0})", "[0].Tanh()", Math + "Tanh({0})", "tanh({0})", "\\tanh({0})", 8),
        new(Operation.Power, 2, ["Pow"], "V.Pow({0}, {1})", "pow({0}, {1})", "[0].Pow({1})", Math + "Pow({0}, {1})", "[0]^[1]", "{[0]}^{{{1}}}", 256),
    ];

    private static readonly Dictionary<Operation, Intrinsic> ByOperation = Rows.ToDictionary(row => row.Operation);

    public static Intrinsic? Of(Operation operation) => ByOperation.TryGetValue(operation, out var row) ? row : null;

    /// <summary>The row of a method of <c>Math</c>, <c>MathF</c>, <c>float</c> or <c>double</c>.</summary>
    public static Intrinsic? Of(string method, int arity) => Rows.FirstOrDefault(row => row.Arity == arity && row.Methods.Contains(method));

    /// <summary>What C# calls them all, for messages.</summary>
    public static string Names => string.Join(", ", Rows.SelectMany(row => row.Methods).OrderBy(name => name, StringComparer.Ordinal));
}
