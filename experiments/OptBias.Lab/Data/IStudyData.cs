using static TorchSharp.torch;

namespace OptBias.Lab.Data;

/// <summary>What a study is trained on and measured on: images or text.</summary>
public interface IStudyData : IDisposable
{
    /// <summary>Name, sizes and hash in a line.</summary>
    string Description { get; }

    /// <summary>Where networks that are trained on it live.</summary>
    Device Device { get; }

    /// <summary>What the images are; null for text.</summary>
    ImageFormat? Images { get; }

    /// <summary>The same data on a device. The caller owns the result.</summary>
    IStudyData To(Device device);
}
