using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>
/// Writes the CUDA C of an optimizer: one kernel for each pass. What all kernels share (loads and stores by type, the walk over
/// a chunk, sums over a block) is the runtime's <c>Cuda/Prelude.cu</c>, which is compiled in front of this text.
/// </summary>
internal static class CudaEmitter
{
    /// <summary>The functions that texts of intrinsics call, by name, with their definitions.</summary>
    private static readonly IReadOnlyList<(string Name, string Definition)> Helpers =
        Intrinsics.CudaPrelude.Split('\n').Select(line => (FunctionOf(line), line)).ToList();

    /// <summary>What a pass's kernel is called: <c>AdamWPass1</c>, so that a profiler says whose it is.</summary>
    public static string KernelName(OptimizerDeclaration declaration, PassEmitter pass) => CudaNames.Ascii(declaration.Name) + pass.Name;

    public static void Emit(SourceWriter writer, OptimizerDeclaration declaration, IReadOnlyList<string> equations, IReadOnlyList<PassEmitter> passes)
    {
        writer.Line($"// {declaration.Name}. In step t (from 1), g the gradient of the loss by θ:");
        foreach (var equation in equations)
            writer.Line($"//     {equation}");
        writer.Line("// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.");
        EmitHelpers(writer, passes);
        foreach (var pass in passes)
        {
            writer.Line();
            new CudaPassEmitter(writer, pass, KernelName(declaration, pass)).Emit();
        }
    }

    private static void EmitHelpers(SourceWriter writer, IReadOnlyList<PassEmitter> passes)
    {
        var calls = passes.SelectMany(p => p.Body.Expressions).Select(e => Intrinsics.Of(e.Operation)?.Cuda).OfType<string>().ToList();
        var called = Helpers.Where(helper => calls.Any(text => text.Contains(helper.Name + "("))).ToList();
        if (called.Count > 0)
            writer.Line();
        foreach (var (_, definition) in called)
            writer.Line(definition);
    }

    /// <summary>"signum" of "template &lt;typename T&gt; static __device__ inline T signum(T a) ...".</summary>
    private static string FunctionOf(string line)
    {
        var end = line.IndexOf('(');
        return line.Substring(line.LastIndexOf(' ', end) + 1, end - line.LastIndexOf(' ', end) - 1);
    }
}
