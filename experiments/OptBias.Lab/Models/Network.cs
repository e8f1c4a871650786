using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>A classifier in two parts: images to a representation, and a linear head with a logit for each class on top of it. A network that reads text takes windows of bytes for images and has a row and 256 logits for each byte.</summary>
public abstract class Network : nn.Module<Tensor, Tensor>
{
    /// <summary>Starts a network.</summary>
    /// <param name="name">Name of the module.</param>
    protected Network(string name)
        : base(name)
    {
    }

    /// <summary>The penultimate layer's activity [n, units] for images [n, channels, rows, columns].</summary>
    public abstract Tensor Represent(Tensor images);

    /// <summary>Logits [n, classes] for a representation [n, units].</summary>
    public abstract Tensor Classify(Tensor representation);

    /// <summary>Logits [n, classes] for images [n, channels, rows, columns].</summary>
    public override Tensor forward(Tensor images)
    {
        using var representation = this.Represent(images);
        return this.Classify(representation);
    }

    /// <summary>All parameters with their roles, in the order of the layers.</summary>
    public IReadOnlyList<NetworkParameter> Parameters() =>
        [.. this.named_parameters().Select(x => new NetworkParameter(x.name, x.parameter, RoleOf(x.name, x.parameter)))];

    private static ParameterRole RoleOf(string name, Parameter parameter) =>
        parameter.dim() < 2 || !name.EndsWith("weight", StringComparison.Ordinal) ? ParameterRole.Bias
        : name.StartsWith("head.", StringComparison.Ordinal) ? ParameterRole.Head
        : ParameterRole.Weight;
}

/// <summary>What a parameter is to the network; methods may treat the roles differently.</summary>
public enum ParameterRole
{
    /// <summary>A weight matrix or a convolution kernel.</summary>
    Weight,

    /// <summary>The weight matrix of the head.</summary>
    Head,

    /// <summary>Everything else: biases, gains of normalisations, positions.</summary>
    Bias,
}

/// <summary>A parameter of a network.</summary>
/// <param name="Name">Its path in the module: <c>hidden1.weight</c>.</param>
/// <param name="Parameter">The parameter itself; the network owns it.</param>
/// <param name="Role">What it is.</param>
public sealed record NetworkParameter(string Name, Parameter Parameter, ParameterRole Role);
