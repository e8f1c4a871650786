using OptBias.Lab.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>
/// Two convolutions of stride 2 (28 to 14 to 7 pixels, <c>width</c>/8 and <c>width</c>/4 channels), one hidden layer of
/// <c>width</c> units, a logit for each class; ReLU everywhere. Images of any size and colour. Small enough for a thousand steps in seconds on one core.
/// </summary>
public sealed class ConvolutionalNetwork : Network
{
    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Linear hidden;
    private readonly Linear head;

    /// <summary>Makes the layers; weights are filled by <see cref="Initialization"/>.</summary>
    /// <param name="width">Units of the hidden layer.</param>
    /// <param name="images">What the images are.</param>
    public ConvolutionalNetwork(int width, ImageFormat images)
        : base(nameof(ConvolutionalNetwork))
    {
        var (first, second) = (Math.Max(1, width / 8), Math.Max(1, width / 4));
        this.conv1 = nn.Conv2d(images.Channels, first, 5, stride: 2, padding: 2);
        this.conv2 = nn.Conv2d(first, second, 3, stride: 2, padding: 1);
        this.hidden = nn.Linear(second * Quarter(images.Rows) * Quarter(images.Columns), width);
        this.head = nn.Linear(width, images.Classes);
        this.RegisterComponents();
    }

    /// <inheritdoc />
    public override Tensor Represent(Tensor images)
    {
        using var scope = NewDisposeScope();
        var h = this.conv1.forward(images).relu();
        h = this.conv2.forward(h).relu().flatten(1);
        return this.hidden.forward(h).relu().MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override Tensor Classify(Tensor representation) => this.head.forward(representation);

    /// <summary>What two strides of 2 leave of a side.</summary>
    private static int Quarter(int pixels) => (((pixels + 1) / 2) + 1) / 2;
}
