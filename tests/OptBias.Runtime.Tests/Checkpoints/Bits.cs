using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Runtime.Tests;

/// <summary>All that an optimizer keeps, as text of its bits: two that are equal in it go on alike.</summary>
internal static class Bits
{
    public static string Of(DeclaredOptimizer optimizer)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var lines = optimizer.States.Select(state => $"{state.ParameterName} {state.Step} "
            + string.Join(' ', state.Tensors.Select(tensor => $"{tensor.Name}:{Of(tensor.Value)}"))
            + string.Join(' ', state.Counters.Select(counter => $"{counter.Name}={counter.Value}"))).ToList();
        foreach (var group in optimizer.ParamGroups.Cast<TorchSharp.Modules.ParamGroup>())
        {
            var options = (DeclaredOptions)group.Options;
            lines.Add(string.Join(' ', options.Hyperparameters.Select((_, i) => BitConverter.DoubleToInt64Bits(options[i]!.Value))) + $" {options.InitialLearningRate:R} {options.maximize}");
        }

        return string.Join('\n', lines);
    }

    public static string Of(IEnumerable<Tensor> tensors)
    {
        using var noGradient = no_grad();
        return string.Join(' ', tensors.Select(Of));
    }

    private static string Of(Tensor tensor) => tensor.numel() == 0 ? "" : Convert.ToHexString(SafeTensor.Of("x", tensor).Bytes);
}
