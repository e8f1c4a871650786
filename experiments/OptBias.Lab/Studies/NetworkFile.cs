using OptBias.Lab.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Studies;

/// <summary>Trained networks as safetensors, each parameter under its name.</summary>
public static class NetworkFile
{
    /// <summary>The parameters of a network.</summary>
    public static IReadOnlyList<SafeTensor> Of(Network network) => [.. network.Parameters().Select(p => SafeTensor.Of(p.Name, p.Parameter))];

    /// <summary>Makes the network that was kept at <paramref name="path"/>.</summary>
    /// <param name="model">Its specification.</param>
    /// <param name="path">A file of <see cref="Of"/>.</param>
    /// <param name="device">Where it lives; null for the CPU.</param>
    /// <exception cref="InvalidDataException">The file holds another network.</exception>
    public static Network Load(ModelSpecification model, string path, Device? device = null)
    {
        var file = SafeTensors.Read(path);
        var network = model.Create(0, device);
        using var noGradient = no_grad();
        foreach (var parameter in network.Parameters())
        {
            if (!file.TryGet(parameter.Name, out var stored) || !stored.Shape.SequenceEqual(parameter.Parameter.shape))
            {
                network.Dispose();
                throw new InvalidDataException($"{path} does not hold a network {model.Name}: {parameter.Name} is missing or has another shape.");
            }

            using var values = stored.ToTensor();
            parameter.Parameter.copy_(values);
        }

        return network;
    }
}
