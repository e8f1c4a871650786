using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>
/// TorchSharp's operations that take a number make a scalar that nothing keeps alive while libtorch reads it. A collection in
/// between frees it, which gives wrong numbers or ends the process; so the runtime holds its scalars itself.
/// </summary>
[Collection(Alone.Name)]
public sealed class CollectorTests
{
    [Theory]
    [InlineData("Adafactor")]
    [InlineData("Shampoo")]
    [InlineData("Soap")]
    [InlineData("Muon")]
    public void Steps_are_the_same_beside_a_collector_that_never_rests(string name)
    {
        using var quiet = this.Run(name);
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            using var disturbed = this.Run(name);
            Assert.Equal(0, disturbed.DistanceTo(quiet));
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    private Problem Run(string name)
    {
        var problem = new Problem(ScalarType.Float32, 3, [12, 9], [9], [4, 3, 5]);
        using var optimizer = Declared.Find(name).Create(problem.Parameters, new Dictionary<string, double> { ["lr"] = 1e-3 });
        foreach (var backend in new[] { Backend.Auto, Backend.TorchSharp })
        {
            optimizer.Backend = backend;
            for (var step = 0; step < 50; step++)
            {
                problem.SetGradients(step);
                optimizer.step();
            }
        }

        return problem;
    }
}
