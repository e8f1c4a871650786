using System.Globalization;

namespace OptBias.Lab.Models;

/// <summary>The kinds of network.</summary>
public enum ModelKind
{
    /// <summary>Fully connected layers with ReLU.</summary>
    Mlp,

    /// <summary>Two convolutions and a fully connected layer, with ReLU.</summary>
    Cnn,

    /// <summary>A small vision transformer.</summary>
    Transformer,
}

/// <summary>A network by its numbers; equal specifications make equal networks.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Width">Units of the penultimate layer: hidden units, or the transformer's embedding.</param>
/// <param name="Depth">Hidden layers of the MLP, blocks of the transformer; the convolutional network has a fixed depth of 3.</param>
public sealed record ModelSpecification(ModelKind Kind, int Width, int Depth)
{
    /// <summary>The kinds by name, each in the size that the presets use.</summary>
    public static IReadOnlyDictionary<string, ModelSpecification> Known { get; } =
        new SortedDictionary<string, ModelSpecification>(StringComparer.OrdinalIgnoreCase)
        {
            ["mlp"] = new(ModelKind.Mlp, 128, 2),
            ["cnn"] = new(ModelKind.Cnn, 64, 3),
            ["transformer"] = new(ModelKind.Transformer, 48, 2),
        };

    /// <summary>Kind and size: <c>mlp-128x2</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{this.Kind.ToString().ToLowerInvariant()}-{this.Width}x{this.Depth}");

    /// <summary>Reads <c>mlp</c>, or with a size <c>mlp-256</c>, <c>mlp-256x3</c>.</summary>
    /// <exception cref="ArgumentException">Unknown kind (the message names the nearest) or a size out of range.</exception>
    public static ModelSpecification Parse(string text)
    {
        var dash = text.IndexOf('-');
        var kind = dash < 0 ? text : text[..dash];
        if (!Known.TryGetValue(kind, out var model))
            throw new ArgumentException($"Unknown model '{text}'. {NearestName.Suggest(kind, Known.Keys)}Known: {string.Join(", ", Known.Keys)}; a size may follow, as in mlp-256x3.");
        if (dash < 0)
            return model;
        var sizes = text[(dash + 1)..].Split('x');
        var depth = model.Depth;
        if (sizes.Length > 2 || !TrySize(sizes[0], out var width) || (sizes.Length == 2 && !TrySize(sizes[1], out depth)))
            throw new ArgumentException($"Model '{text}' has no readable size; write WIDTH or WIDTHxDEPTH, as in mlp-256x3.");
        return (model with { Width = width, Depth = depth }).Validated();
    }

    /// <summary>Returns this specification, or says what is wrong with it.</summary>
    /// <exception cref="ArgumentException">Width or depth out of range.</exception>
    public ModelSpecification Validated() => this switch
    {
        { Width: < 8 or > 4096 } => throw new ArgumentException($"Model {this.Name}: the width is {this.Width}, which is not in [8, 4096]."),
        { Kind: ModelKind.Cnn, Depth: not 3 } => throw new ArgumentException($"Model {this.Name}: the convolutional network has depth 3."),
        { Depth: < 1 or > 16 } => throw new ArgumentException($"Model {this.Name}: the depth is {this.Depth}, which is not in [1, 16]."),
        { Kind: ModelKind.Transformer } when this.Width % VisionTransformer.Heads != 0 =>
            throw new ArgumentException($"Model {this.Name}: the transformer's width must be a multiple of its {VisionTransformer.Heads} heads."),
        _ => this,
    };

    /// <summary>Makes the network with weights that depend on the seed alone, whatever optimizer follows.</summary>
    /// <param name="seed">Seed of the weights.</param>
    public Network Create(long seed)
    {
        Network network = this.Kind switch
        {
            ModelKind.Mlp => new Mlp(this.Width, this.Depth),
            ModelKind.Cnn => new ConvolutionalNetwork(this.Width),
            ModelKind.Transformer => new VisionTransformer(this.Width, this.Depth),
            _ => throw new InvalidOperationException($"No network for {this.Kind}."),
        };
        Initialization.Fill(network, seed);
        return network;
    }

    private static bool TrySize(string text, out int size) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);
}
