namespace OptBias.Lab.Data;

/// <summary>Images and labels as bytes, as they lie in files.</summary>
/// <param name="Images">Pixels [count, channels, rows, columns] in row-major order, 0 is background.</param>
/// <param name="Labels">Classes [count], counted from 0.</param>
/// <param name="Rows">Height of an image in pixels.</param>
/// <param name="Columns">Width of an image in pixels.</param>
/// <param name="Channels">1 for grey images, 3 for red, green and blue.</param>
public sealed record RawImages(byte[] Images, byte[] Labels, int Rows, int Columns, int Channels = 1)
{
    /// <summary>Number of images.</summary>
    public int Count => this.Labels.Length;

    /// <summary>Bytes of an image.</summary>
    public int Size => this.Channels * this.Rows * this.Columns;
}
