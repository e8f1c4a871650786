namespace OptBias.Lab.Data;

/// <summary>Images and labels as bytes, as they lie in IDX files.</summary>
/// <param name="Images">Pixels [count, rows, columns] in row-major order, 0 is background.</param>
/// <param name="Labels">Digits 0 to 9 [count].</param>
/// <param name="Rows">Height of an image in pixels.</param>
/// <param name="Columns">Width of an image in pixels.</param>
public sealed record RawDigits(byte[] Images, byte[] Labels, int Rows, int Columns)
{
    /// <summary>Number of images.</summary>
    public int Count => this.Labels.Length;
}
