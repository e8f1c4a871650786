using OptBias.Benchmarks.Measurement;
using OptBias.Benchmarks.Works;
using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Benchmarks.Commands;

/// <summary>What the options of a step cost or save: gradients set to zero within the pass, numbers below the normal format.</summary>
internal static class StepOptions
{
    /// <summary>Measures AdamW on the large tensor.</summary>
    public static ResultTable Table(int threads, int rounds)
    {
        var owned = new List<IDisposable>();
        (AdamW Optimizer, Tensor Gradient) New()
        {
            var parameters = Work.All[0].Make(CPU);
            var optimizer = new AdamW(parameters, lr: 1e-5);
            owned.AddRange(parameters);
            owned.Add(optimizer);
            return (optimizer, parameters[0].grad!);
        }

        (AdamW Optimizer, Tensor Gradient) WithDenormals()
        {
            // Gradients of zero for long: what is left of the momentum has fallen below the normal format.
            var made = New();
            made.Gradient.zero_();
            made.Optimizer.States.Single().Tensors.First().Value.fill_(1e-38f);
            return made;
        }

        var plain = New();
        var zeroedApart = New();
        var zeroing = New();
        zeroing.Optimizer.ZerosGradients = true;
        var denormal = WithDenormals();
        var flushed = WithDenormals();
        flushed.Optimizer.FlushesDenormals = true;
        try
        {
            var samples = new Interleaved { Rounds = rounds }.Run(
            [
                new("step", () => plain.Optimizer.step()),
                new("step, gradients set to zero within the pass", () => zeroing.Optimizer.step()),
                new("step, then gradients set to zero by themselves", () =>
                {
                    zeroedApart.Optimizer.step();
                    zeroedApart.Gradient.zero_();
                }),
                new("step, momenta below 1.2e-38", () => denormal.Optimizer.step()),
                new("the same with FlushesDenormals", () => flushed.Optimizer.step()),
            ]);
            return new ResultTable(
                $"AdamW on {Work.All[0].Name}, {Options.Named(threads)}, what options cost",
                ["work", "ms", "over a plain step"],
                samples.Select(IReadOnlyList<string> (s) => [s.Name, $"{s.Median * 1e3:0.000}", s.Over(samples[0]).ToString("0.00")]).ToList());
        }
        finally
        {
            foreach (var item in owned)
                item.Dispose();
        }
    }
}
