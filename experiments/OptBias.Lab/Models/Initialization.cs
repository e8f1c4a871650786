using OptBias.Lab.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>Fills a network with weights that depend on the seed and on the parameter's name alone.</summary>
/// <remarks>
/// Hidden weights are uniform with the variance 2 / fan-in that keeps ReLU activity alive (He et al. 2015); the head,
/// the attention and the positions have 1 / fan-in or less; biases start at zero and gains at one. Torch's own generator
/// is one for the whole process, so that threads would steal each other's numbers.
/// </remarks>
internal static class Initialization
{
    public static void Fill(Network network, long seed)
    {
        using var noGradient = no_grad();
        foreach (var (name, parameter, role) in network.Parameters())
        {
            if (name.EndsWith("position", StringComparison.Ordinal))
                Uniform(parameter, 0.02 * Math.Sqrt(3), seed, name);
            else if (role == ParameterRole.Bias)
                parameter.Fill(IsGain(name) ? 1 : 0);
            else
                Uniform(parameter, Math.Sqrt(3 * Variance(name, role, parameter.numel() / parameter.shape[0])), seed, name);
        }
    }

    private static double Variance(string name, ParameterRole role, long fanIn) =>
        (role == ParameterRole.Head || name.StartsWith("block", StringComparison.Ordinal) || name.StartsWith("embedding", StringComparison.Ordinal) ? 1.0 : 2.0) / fanIn;

    private static bool IsGain(string name) => name.EndsWith("weight", StringComparison.Ordinal);

    private static void Uniform(Parameter parameter, double bound, long seed, string name)
    {
        var random = new SeededRandom(seed, $"weights/{name}");
        var values = new float[parameter.numel()];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)random.Uniform(-bound, bound);
        using var source = tensor(values, parameter.shape);
        parameter.copy_(source);
    }
}
