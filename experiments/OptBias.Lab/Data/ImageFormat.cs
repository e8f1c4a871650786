using System.Globalization;

namespace OptBias.Lab.Data;

/// <summary>What the images of a data set have in common: a network takes these and tells these classes apart.</summary>
/// <param name="Channels">1 for grey images, 3 for red, green and blue.</param>
/// <param name="Rows">Height in pixels.</param>
/// <param name="Columns">Width in pixels.</param>
/// <param name="Classes">Number of classes, which are 0 ... <paramref name="Classes"/> − 1; 2 to 256.</param>
public sealed record ImageFormat(int Channels, int Rows, int Columns, int Classes)
{
    /// <summary>MNIST's: grey, 28 × 28 pixels, ten classes.</summary>
    public static ImageFormat Digits { get; } = new(1, 28, 28, 10);

    /// <summary>Numbers in an image: channels × rows × columns.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Size => this.Channels * this.Rows * this.Columns;

    /// <summary>"1×28×28, 10 classes".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{this.Channels}×{this.Rows}×{this.Columns}, {this.Classes} classes");
}
