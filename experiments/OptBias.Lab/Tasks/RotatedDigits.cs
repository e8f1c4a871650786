using OptBias.Lab.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tasks;

/// <summary>All classes in every task, turned by an angle that grows from task to task up to <paramref name="LastAngle"/> (Lopez-Paz and Ranzato 2017).</summary>
/// <param name="Count">Number of tasks, at least two.</param>
/// <param name="LastAngle">Angle of the last task in degrees, counter-clockwise.</param>
public sealed record RotatedDigits(int Count, double LastAngle = 180) : Scenario
{
    /// <inheritdoc />
    public override string Name => "rotated";

    /// <inheritdoc />
    public override string Key => FormattableString.Invariant($"{this.Name}, {this.Count} tasks up to {this.LastAngle}°");

    /// <inheritdoc />
    public override int Tasks => this.Count;

    /// <inheritdoc />
    public override string Description => $"{this.Count} tasks with all classes, turned by 0° in the first task and by {this.LastAngle:0}° in the last.";

    /// <inheritdoc />
    public override string TaskName(int task) => FormattableString.Invariant($"turned by {this.Angle(task):0.#}°");

    /// <inheritdoc />
    public override ExampleSet Take(ExampleSet source, int task, DataPart part, long seed)
    {
        using var scope = NewDisposeScope();
        if (task == 0)
            return new(source.Images.clone(), source.Labels.clone());
        var (sine, cosine) = Math.SinCos(this.Angle(task) * Math.PI / 180);
        // affine_grid says for each output pixel where it comes from, so this is the inverse rotation (y points down).
        // Its coordinates go from −1 to 1 along each side, so the sides of an image that is no square have to be put back.
        var aspect = this.Images.Rows / (double)this.Images.Columns;
        var map = tensor(new[] { (float)cosine, (float)(-sine * aspect), 0, (float)(sine / aspect), (float)cosine, 0 }, [1, 2, 3], device: source.Device);
        var turned = new List<Tensor>();
        foreach (var images in source.Images.split(1024))
        {
            using var batchScope = NewDisposeScope();
            var grid = nn.functional.affine_grid(map.expand(images.shape[0], 2, 3), images.shape, align_corners: false);
            turned.Add(nn.functional.grid_sample(images, grid, align_corners: false).MoveToOuterDisposeScope());
        }

        return new(cat(turned, 0), source.Labels.clone());
    }

    private double Angle(int task) => this.LastAngle * task / Math.Max(1, this.Count - 1);
}
