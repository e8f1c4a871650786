namespace OptBias;

/// <summary>What one step costs for each parameter element, in elements moved and operations; bytes follow from the dtype.</summary>
/// <remarks>Counts the elementwise passes. What a matrix stage costs depends on shapes and is in its own documentation.</remarks>
public sealed record UpdateCost
{
    /// <summary>Elements of state kept for each parameter element by elementwise stages: 2 for Adam.</summary>
    public required int StateElements { get; init; }

    /// <summary>Numbers of state for each row (of the last two dimensions) of a parameter: 1 for Adafactor.</summary>
    public int StateRows { get; init; }

    /// <summary>Numbers of state for each column (of the last two dimensions) of a parameter: 1 for Adafactor.</summary>
    public int StateColumns { get; init; }

    /// <summary>Elements read for each parameter element and step, over all passes: 4 for Adam (θ, g, m, v).</summary>
    public required int ElementsRead { get; init; }

    /// <summary>Elements written for each parameter element and step, over all passes: 3 for Adam (θ, m, v).</summary>
    public required int ElementsWritten { get; init; }

    /// <summary>Floating-point operations for each parameter element and step in the elementwise passes; a division, root or power counts as one.</summary>
    public required int Operations { get; init; }

    /// <summary>Passes over memory.</summary>
    public required int Passes { get; init; }

    /// <summary>Matrix stages, whose cost comes on top.</summary>
    public int MatrixStages { get; init; }

    /// <summary>The largest of each figure: a bound for an optimizer whose parameters follow different rules.</summary>
    public static UpdateCost Largest(params ReadOnlySpan<UpdateCost> costs)
    {
        var largest = costs[0];
        foreach (var cost in costs)
        {
            largest = new UpdateCost
            {
                StateElements = Math.Max(largest.StateElements, cost.StateElements),
                StateRows = Math.Max(largest.StateRows, cost.StateRows),
                StateColumns = Math.Max(largest.StateColumns, cost.StateColumns),
                ElementsRead = Math.Max(largest.ElementsRead, cost.ElementsRead),
                ElementsWritten = Math.Max(largest.ElementsWritten, cost.ElementsWritten),
                Operations = Math.Max(largest.Operations, cost.Operations),
                Passes = Math.Max(largest.Passes, cost.Passes),
                MatrixStages = Math.Max(largest.MatrixStages, cost.MatrixStages),
            };
        }

        return largest;
    }

    /// <summary>Numbers of state that elementwise stages and factored statistics keep for a parameter of a shape.</summary>
    /// <param name="shape">The parameter's shape; a vector is one row.</param>
    public long StateNumbers(params ReadOnlySpan<long> shape)
    {
        long elements = 1;
        foreach (var dimension in shape)
            elements *= dimension;
        var (rows, columns) = Kernels.TensorExtents.LastDimensions(shape);
        var matrices = elements == 0 ? 0 : elements / (rows * columns);
        return (this.StateElements * elements) + (matrices * ((this.StateRows * rows) + (this.StateColumns * columns)));
    }

    /// <summary>Bytes of state for each parameter element, rows and columns not counted.</summary>
    /// <param name="elementSize">Bytes of one element: 4 for float32.</param>
    public int StateBytes(int elementSize) => this.StateElements * elementSize;

    /// <summary>Bytes moved for each parameter element in one step.</summary>
    /// <param name="elementSize">Bytes of one element: 4 for float32.</param>
    public int BytesMoved(int elementSize) => (this.ElementsRead + this.ElementsWritten) * elementSize;
}
