using System.Globalization;
using OptBias.Cuda;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>The text of all kernels, compiled to the GPU's assembly as NVRTC would, which no GPU is needed for.</summary>
public sealed class KernelTextTests
{
    /// <summary>What clang may know; Debian 12's ends before sm_90.</summary>
    private static readonly string[] Architectures = ["sm_90", "sm_86", "sm_80", "sm_70"];

    public static TheoryData<ScalarType> Types => [ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16, ScalarType.Float16];

    [SkippableTheory]
    [MemberData(nameof(Types))]
    public void All_kernels_compile_for_a_GPU(ScalarType dtype)
    {
        var assembly = Assemble(HostCompiler.AllKernels("nvptx.h"), dtype);
        foreach (var pass in HostCompiler.Plans.SelectMany(plan => plan.Steps).OfType<Kernels.PassStep>())
            Assert.Contains($".entry {pass.Shape.Kernel}(", assembly, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_text_that_NVRTC_gets_compiles_by_itself()
    {
        foreach (var plan in HostCompiler.Plans.Where(plan => plan.Name is "AdamW" or "Lamb" or "Adafactor"))
            Assemble(HostCompiler.Header("nvptx.h") + KernelSource.Of(plan.Cuda!), ScalarType.Float32);
    }

    [SkippableTheory]
    [MemberData(nameof(Types))]
    public void NVRTC_makes_machine_code_of_what_it_gets(ScalarType dtype)
    {
        var compiler = Nvrtc.Find(out var problem);
        Skip.If(compiler is null, problem);
        var arithmetic = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var options = Nvrtc.Options(new KernelTypes(dtype, dtype, arithmetic, arithmetic), "sm_80");

        // Types matter to what loads and stores, which all plans share.
        foreach (var plan in HostCompiler.Plans.Where(plan => dtype == ScalarType.Float32 || plan.Name is "AdamW" or "Lamb" or "Adafactor"))
        {
            var code = compiler!.Compile(KernelSource.Of(plan.Cuda!), options);
            foreach (var pass in plan.Steps.OfType<Kernels.PassStep>())
                Assert.True(code.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes($".text.{pass.Shape.Kernel}\0")) >= 0, $"{plan.Name} lacks {pass.Shape.Kernel}");
        }
    }

    [SkippableFact]
    public void A_product_and_a_sum_stay_two_roundings_and_accesses_are_of_16_bytes()
    {
        var plan = HostCompiler.Plans.Single(plan => plan.Name == "AdamW");
        foreach (var (dtype, access, loads, stores) in new[]
        {
            // θ, g, m, v in and m, v, θ out; beside 8 numbers of 16 bits lie two pieces of float32.
            (ScalarType.Float32, "v4.f32", 4, 3), (ScalarType.Float64, "v2.f64", 4, 3),
            (ScalarType.BFloat16, "v4.u32", 2, 1), (ScalarType.BFloat16, "v4.f32", 4, 4), (ScalarType.Float16, "v4.u32", 2, 1),
        })
        {
            var assembly = Assemble(HostCompiler.Header("nvptx.h") + KernelSource.Of(plan.Cuda!), dtype);
            Assert.DoesNotContain("fma.", assembly, StringComparison.Ordinal);
            Assert.DoesNotContain("approx", assembly, StringComparison.Ordinal);
            Assert.Equal(loads, Count(assembly, $"ld.global.{access}") + Count(assembly, $"ld.{access}"));
            Assert.Equal(stores, Count(assembly, $"st.global.{access}") + Count(assembly, $"st.{access}"));
        }
    }

    [Fact]
    public void The_text_is_ASCII_where_it_is_compiled()
    {
        foreach (var plan in HostCompiler.Plans)
            Assert.All(KernelSource.Of(plan.Cuda!), letter => Assert.InRange(letter, '\n', '~'));
    }

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    private static string Assemble(string text, ScalarType dtype)
    {
        var arithmetic = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var types = new KernelTypes(dtype, dtype, arithmetic, arithmetic);
        var folder = Directory.CreateTempSubdirectory("optbias").FullName;
        try
        {
            var (source, assembly) = (Path.Combine(folder, "kernels.cu"), Path.Combine(folder, "kernels.ptx"));
            File.WriteAllText(source, text);
            var said = (ExitCode: 1, Output: "");
            foreach (var architecture in Architectures)
            {
                var result = HostCompiler.Run("clang", ["-x", "cuda", "--cuda-device-only", "-nocudainc", "-nocudalib", $"--cuda-gpu-arch={architecture}", "-std=c++17", "-O2", "-ffp-contract=off", "-Wno-unknown-cuda-version", "-S", .. types.Definitions(), source, "-o", assembly]);
                Skip.If(result is null, "There is no clang to compile the kernels' text for NVPTX with.");
                said = result!.Value;
                if (!said.Output.Contains("unsupported CUDA gpu architecture", StringComparison.Ordinal))
                    break;
            }

            Skip.If(said.Output.Contains("No available targets are compatible", StringComparison.Ordinal) || said.Output.Contains("unable to create target", StringComparison.Ordinal), "This clang was built without NVPTX.");
            Assert.True(said.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{dtype}:\n{said.Output}"));
            return File.ReadAllText(assembly);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
