using System.Globalization;
using OptBias.Lab.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>A network by its kind and its numbers; equal specifications make equal networks.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Width">Units of the penultimate layer: hidden units, or the transformer's embedding.</param>
/// <param name="Depth">Hidden layers of the MLP, blocks of the transformer; the convolutional network has a fixed depth of 3.</param>
public sealed record ModelSpecification(ModelKind Kind, int Width, int Depth)
{
    /// <summary>What the images are: as many inputs, as many classes. They come with the data, and are no part of the name.</summary>
    public ImageFormat Images { get; init; } = ImageFormat.Digits;

    /// <summary>Kind and size: <c>mlp-128x2</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{this.Kind.Name}-{this.Width}x{this.Depth}");

    /// <summary>A kind in the size that the presets use.</summary>
    public static ModelSpecification Of(ModelKind kind) => new(kind, kind.Width, kind.Depth);

    /// <summary>Reads <c>mlp</c>, or with a size <c>mlp-256</c>, <c>mlp-256x3</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kinds">The kinds that are known; those of this project if null.</param>
    /// <exception cref="ArgumentException">Unknown kind (the message names the nearest) or a size out of range.</exception>
    public static ModelSpecification Parse(string text, IReadOnlyList<ModelKind>? kinds = null)
    {
        kinds ??= ModelKind.All;
        var dash = text.IndexOf('-');
        var name = dash < 0 ? text : text[..dash];
        var kind = kinds.FirstOrDefault(k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"Unknown model '{text}'. {NearestName.Suggest(name, kinds.Select(k => k.Name))}Known: {string.Join(", ", kinds.Select(k => k.Name))}; a size may follow, as in mlp-256x3.");
        if (dash < 0)
            return Of(kind);
        var sizes = text[(dash + 1)..].Split('x');
        var depth = kind.Depth;
        if (sizes.Length > 2 || !TrySize(sizes[0], out var width) || (sizes.Length == 2 && !TrySize(sizes[1], out depth)))
            throw new ArgumentException($"Model '{text}' has no readable size; write WIDTH or WIDTHxDEPTH, as in mlp-256x3.");
        return new ModelSpecification(kind, width, depth).Validated();
    }

    /// <summary>Returns this specification, or says what is wrong with it.</summary>
    /// <exception cref="ArgumentException">Width or depth out of range.</exception>
    public ModelSpecification Validated() => this switch
    {
        { Width: < 8 or > 4096 } => throw new ArgumentException($"Model {this.Name}: the width is {this.Width}, which is not in [8, 4096]."),
        { Depth: < 1 or > 16 } => throw new ArgumentException($"Model {this.Name}: the depth is {this.Depth}, which is not in [1, 16]."),
        _ when this.Kind.Check(this.Width, this.Depth) is { } problem => throw new ArgumentException($"Model {this.Name}: {problem}."),
        _ => this,
    };

    /// <summary>Makes the network with weights that depend on the seed alone, whatever optimizer follows.</summary>
    /// <param name="seed">Seed of the weights, which are drawn on the CPU: the same on every device.</param>
    /// <param name="device">Where it lives; null for the CPU.</param>
    public Network Create(long seed, Device? device = null)
    {
        var network = this.Kind.Create(this);
        Initialization.Fill(network, seed);
        return device is null || device.type == DeviceType.CPU ? network : network.to(device);
    }

    private static bool TrySize(string text, out int size) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);
}
