using OptBias.Cuda;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>Compiled kernels are kept on disk.</summary>
public sealed class KernelCacheTests : IDisposable
{
    private static readonly KernelTypes Types = new(ScalarType.Float32, ScalarType.Float32, ScalarType.Float32, ScalarType.Float32);

    private readonly string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private int compilations;

    public void Dispose()
    {
        if (Directory.Exists(this.folder))
            Directory.Delete(this.folder, recursive: true);
    }

    [Fact]
    public void A_text_is_compiled_once()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal([1, 2, 3], this.Get(new KernelCache(this.folder), "text", ["sm_90"], "12.8"));
        Assert.Equal(1, this.compilations);
        Assert.Single(Directory.GetFiles(this.folder));
    }

    [Fact]
    public void Another_text_option_or_version_is_another_entry()
    {
        var cache = new KernelCache(this.folder);
        this.Get(cache, "text", ["sm_90"], "12.8");
        this.Get(cache, "texts", ["sm_90"], "12.8");
        this.Get(cache, "text", ["sm_80"], "12.8");
        this.Get(cache, "text", ["sm_90"], "12.9");
        this.Get(cache, "text", ["sm_90", ""], "12.8");
        Assert.Equal(5, this.compilations);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_no_error()
    {
        File.WriteAllText(this.folder + ".file", "");
        try
        {
            Assert.Equal([1, 2, 3], this.Get(new KernelCache(Path.Combine(this.folder + ".file", "below")), "text", ["sm_90"], "12.8"));
        }
        finally
        {
            File.Delete(this.folder + ".file");
        }
    }

    [Fact]
    public void Without_a_folder_nothing_is_kept()
    {
        this.Get(new KernelCache(null), "text", ["sm_90"], "12.8");
        this.Get(new KernelCache(null), "text", ["sm_90"], "12.8");
        Assert.Equal(2, this.compilations);
    }

    [Fact]
    public void The_types_and_the_ban_on_contraction_are_among_the_options()
    {
        var options = Nvrtc.Options(Types with { Parameter = ScalarType.BFloat16 }, "sm_90");
        Assert.Contains("-fmad=false", options);
        Assert.Contains("-DOPTBIAS_PARAMETER=bfloat16", options);
        Assert.Contains("-DOPTBIAS_STATE=float", options);
        Assert.Contains("--gpu-architecture=sm_90", options);
    }

    private byte[] Get(KernelCache cache, string source, string[] options, string version) => cache.Get(source, options, version, () =>
    {
        this.compilations++;
        return [1, 2, 3];
    });
}
