namespace OptBias.Lab.Models;

/// <summary>A kind of network, of which <see cref="ModelSpecification"/> gives the size.</summary>
public sealed record ModelKind
{
    /// <summary>Name on the command line: <c>mlp</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Width that the presets use: units of the penultimate layer.</summary>
    public required int Width { get; init; }

    /// <summary>Depth that the presets use.</summary>
    public required int Depth { get; init; }

    /// <summary>Makes the layers from width, depth and what the images are; their weights are filled afterwards, from the seed.</summary>
    public required Func<ModelSpecification, Network> Create { get; init; }

    /// <summary>
    /// How much further up than an MLP's the learning rates of a grid reach: shared kernels and normalised layers bear larger steps,
    /// and learn too little in a short task without them.
    /// </summary>
    public double RateReach { get; init; } = 1;

    /// <summary>Whether it reads text; else it sees images.</summary>
    public bool ReadsText { get; init; }

    /// <summary>Says what is wrong with a width and a depth, or null.</summary>
    public Func<int, int, string?> Check { get; init; } = static (_, _) => null;

    /// <summary>Fully connected layers with ReLU.</summary>
    public static ModelKind Mlp { get; } = new() { Name = "mlp", Width = 128, Depth = 2, Create = static model => new Mlp(model.Width, model.Depth, model.Images) };

    /// <summary>Two convolutions and a fully connected layer, with ReLU.</summary>
    public static ModelKind Cnn { get; } = new()
    {
        Name = "cnn",
        Width = 64,
        Depth = 3,
        RateReach = 3,
        Create = static model => new ConvolutionalNetwork(model.Width, model.Images),
        Check = static (_, depth) => depth == 3 ? null : "the convolutional network has depth 3",
    };

    /// <summary>A small vision transformer.</summary>
    public static ModelKind Transformer { get; } = new()
    {
        Name = "transformer",
        Width = 48,
        Depth = 2,
        RateReach = 3,
        Create = static model => new VisionTransformer(model.Width, model.Depth, model.Images),
        Check = static (width, _) => width % VisionTransformer.Heads == 0 ? null : $"the transformer's width must be a multiple of its {VisionTransformer.Heads} heads",
    };

    /// <summary>A small causal transformer on bytes.</summary>
    public static ModelKind Bytes { get; } = new()
    {
        Name = "bytes",
        Width = 48,
        Depth = 2,
        RateReach = 3,
        ReadsText = true,
        Create = static model => new ByteTransformer(model.Width, model.Depth),
        Check = static (width, _) => width % ByteTransformer.Heads == 0 ? null : $"the transformer's width must be a multiple of its {ByteTransformer.Heads} heads",
    };

    /// <summary>The kinds that the command line knows.</summary>
    public static IReadOnlyList<ModelKind> All { get; } = [Mlp, Cnn, Transformer, Bytes];
}
