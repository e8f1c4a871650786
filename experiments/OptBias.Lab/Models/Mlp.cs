using OptBias.Lab.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OptBias.Lab.Models;

/// <summary>All pixels of an image, <c>depth</c> hidden layers of <c>width</c> ReLU units, a logit for each class.</summary>
public sealed class Mlp : Network
{
    private readonly Linear[] hidden;
    private readonly Linear head;

    /// <summary>Makes the layers; weights are filled by <see cref="Initialization"/>.</summary>
    /// <param name="width">Units of each hidden layer.</param>
    /// <param name="depth">Number of hidden layers, at least one.</param>
    /// <param name="images">What the images are.</param>
    public Mlp(int width, int depth, ImageFormat images)
        : base(nameof(Mlp))
    {
        this.hidden = [.. Enumerable.Range(0, depth).Select(i => nn.Linear(i == 0 ? images.Size : width, width))];
        for (var i = 0; i < depth; i++)
            this.register_module($"hidden{i + 1}", this.hidden[i]);
        this.head = nn.Linear(width, images.Classes);
        this.register_module("head", this.head);
    }

    /// <inheritdoc />
    public override Tensor Represent(Tensor images)
    {
        var h = images.reshape(images.shape[0], -1);
        foreach (var layer in this.hidden)
        {
            using var input = h;
            using var activation = layer.forward(input);
            h = activation.relu();
        }

        return h;
    }

    /// <inheritdoc />
    public override Tensor Classify(Tensor representation) => this.head.forward(representation);
}
