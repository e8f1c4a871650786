namespace OptBias.Lab.Data;

/// <summary>Digit-like images without any file: strokes under random affine maps, with a pen of random width and some noise.</summary>
/// <remarks>
/// Byte for byte the same on every machine. Easier than handwriting, so that numbers from here say that things work,
/// not how real digits behave.
/// </remarks>
public static class EmbeddedDigits
{
    /// <summary>Training digits that <see cref="Create"/> makes unless told otherwise.</summary>
    public const int DefaultTrain = 6000;

    /// <summary>Test digits that <see cref="Create"/> makes unless told otherwise.</summary>
    public const int DefaultTest = 2000;

    /// <summary>Draws training and test digits; every class occurs equally often, up to one.</summary>
    /// <param name="train">Number of training digits, at least 10.</param>
    /// <param name="test">Number of test digits, at least 10.</param>
    /// <param name="seed">Seed of the drawing.</param>
    public static (RawImages Train, RawImages Test) Create(int train = DefaultTrain, int test = DefaultTest, int seed = 20250716) =>
        (Draw(train, seed, "train"), Draw(test, seed, "test"));

    private static RawImages Draw(int count, int seed, string part)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 10);
        const int Area = DigitRenderer.Size * DigitRenderer.Size;
        var (images, labels) = (new byte[count * Area], new byte[count]);
        for (var i = 0; i < count; i++)
            labels[i] = (byte)(i % 10);
        new SeededRandom(seed, $"digits/{part}/labels").Shuffle(labels.AsSpan());
        for (var i = 0; i < count; i++)
            DigitRenderer.Draw(labels[i], new SeededRandom(seed, $"digits/{part}/{i}"), images.AsSpan(i * Area, Area));
        return new(images, labels, DigitRenderer.Size, DigitRenderer.Size);
    }
}
