using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>
/// Writes the CUDA C of an optimizer: one kernel for each pass. What all kernels share (loads and stores by type, the walk over
/// a chunk, sums over a block) is the runtime's <c>Cuda/Prelude.cu</c>, which is compiled in front of this text.
/// </summary>
internal sealed class CudaEmitter
{
    private readonly SourceWriter writer = new();
    private readonly OptimizerDeclaration declaration;
    private readonly UpdateProgram program;
    private readonly IReadOnlyList<PassEmitter> passes;

    private CudaEmitter(OptimizerDeclaration declaration, UpdateProgram program, IReadOnlyList<PassEmitter> passes)
    {
        this.declaration = declaration;
        this.program = program;
        this.passes = passes;
    }

    /// <summary>The text; null if the program has no pass.</summary>
    public static string? Emit(OptimizerDeclaration declaration, UpdateProgram program, IReadOnlyList<PassEmitter> passes) =>
        passes.Count == 0 ? null : new CudaEmitter(declaration, program, passes).Emit();

    /// <summary>What a pass's kernel is called: <c>AdamWPass1</c>, so that a profiler says whose it is.</summary>
    public static string KernelName(OptimizerDeclaration declaration, PassEmitter pass) => CudaNames.Ascii(declaration.Name) + pass.Name;

    private string Emit()
    {
        this.writer.Line($"// {this.declaration.Name}. In step t (from 1), g the gradient of the loss by θ:");
        foreach (var line in Equations.Of(this.program, latex: false))
            this.writer.Line("//     " + line);
        this.writer.Line("// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.");
        var kernels = new SourceWriter();
        foreach (var pass in this.passes)
        {
            kernels.Line();
            new CudaPassEmitter(kernels, pass, KernelName(this.declaration, pass)).Emit();
        }

        var text = kernels.ToString();
        var helpers = Intrinsics.CudaPrelude.Split('\n').Where(line => text.Contains(FunctionOf(line) + "(")).ToList();
        if (helpers.Count > 0)
            this.writer.Line();
        foreach (var helper in helpers)
            this.writer.Line(helper);
        return this.writer + text.TrimEnd('\n');
    }

    /// <summary>"signum" of "template &lt;typename T&gt; static __device__ inline T signum(T a) ...".</summary>
    private static string FunctionOf(string line)
    {
        var end = line.IndexOf('(');
        return line.Substring(line.LastIndexOf(' ', end) + 1, end - line.LastIndexOf(' ', end) - 1);
    }
}
