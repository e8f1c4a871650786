using BenchmarkDotNet.Attributes;
using OptBias.Benchmarks.Baselines;
using OptBias.Benchmarks.Works;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Benchmarks.Micro;

/// <summary>What a step costs for each of many small tensors on one thread: of 16 elements, where next to no memory is moved, and of 1,000.</summary>
[MemoryDiagnoser]
public class StepCost
{
    private const int Tensors = 300;
    private DeclaredOptimizer optimizer = null!;
    private Floor floor = null!;

    /// <summary>The declared optimizer.</summary>
    [Params("Sgd", "SgdMomentum", "AdamW")]
    public string Rule { get; set; } = "";

    /// <summary>Elements of a tensor.</summary>
    [Params(16, 1000)]
    public int Elements { get; set; }

    /// <summary>Makes the parameters and their gradients.</summary>
    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(1);
        var parameters = Enumerable.Range(0, Tensors).Select(_ => new Parameter(randn(this.Elements)) { grad = randn(this.Elements) }).ToList();
        this.optimizer = Works.Rule.Catalogue.Find(this.Rule).Create(parameters, new Dictionary<string, double> { ["lr"] = 1e-6 });
        this.floor = new Floor(Works.Rule.Catalogue.Find(this.Rule).Plan, parameters);
    }

    /// <summary>A step; the time is for one tensor.</summary>
    [Benchmark(OperationsPerInvoke = Tensors)]
    public void Step() => this.optimizer.step();

    /// <summary>The same memory moved by a bare loop.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Tensors)]
    public void Memory() => this.floor.Run();
}
