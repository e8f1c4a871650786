using OptBias.Kernels;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>What one step costs for each parameter element, in elements moved and operations; bytes follow from the parameter's type.</summary>
/// <remarks>Counts the elementwise passes. What a matrix stage costs depends on shapes and is in its own documentation.</remarks>
public sealed record UpdateCost
{
    /// <summary>Elements of state kept for each parameter element by elementwise stages: 2 for Adam.</summary>
    public required int StateElements { get; init; }

    /// <summary>Numbers of state for each row (of the last two dimensions) of a parameter: 1 for Adafactor.</summary>
    public int StateRows { get; init; }

    /// <summary>Numbers of state for each column (of the last two dimensions) of a parameter: 1 for Adafactor.</summary>
    public int StateColumns { get; init; }

    /// <summary>Numbers of state for each row of the parameter as the matrix [first dimension, all others].</summary>
    public int StateMatrixRows { get; init; }

    /// <summary>Numbers of state for each column of that matrix.</summary>
    public int StateMatrixColumns { get; init; }

    /// <summary>Numbers that a step of a parameter hands to the next, 8 bytes each: 1 for Prodigy's distance.</summary>
    public int CarriedNumbers { get; init; }

    /// <summary>Elements read for each parameter element and step, over all passes: 4 for Adam (θ, g, m, v).</summary>
    public required int ElementsRead { get; init; }

    /// <summary>Elements written for each parameter element and step, over all passes: 3 for Adam (θ, m, v).</summary>
    public required int ElementsWritten { get; init; }

    /// <summary>How often a step reads the parameter.</summary>
    public int ParameterReads { get; init; }

    /// <summary>How often a step writes the parameter.</summary>
    public int ParameterWrites { get; init; }

    /// <summary>How often a step reads the gradient.</summary>
    public int GradientReads { get; init; }

    /// <summary>Elements of state that a step reads for each parameter element.</summary>
    public int StateReads { get; init; }

    /// <summary>Elements of state that a step writes for each parameter element.</summary>
    public int StateWrites { get; init; }

    /// <summary>How state and parameters are kept.</summary>
    public StateStorage Storage { get; init; } = StateStorage.Default;

    /// <summary>Floating-point operations for each parameter element and step in the elementwise passes; a division, root or power counts as one.</summary>
    public required int Operations { get; init; }

    /// <summary>Passes over memory.</summary>
    public required int Passes { get; init; }

    /// <summary>Matrix stages, whose cost comes on top.</summary>
    public int MatrixStages { get; init; }

    /// <summary>The largest of each figure, and the widest storage: a bound for an optimizer whose parameters follow different rules.</summary>
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
                StateMatrixRows = Math.Max(largest.StateMatrixRows, cost.StateMatrixRows),
                StateMatrixColumns = Math.Max(largest.StateMatrixColumns, cost.StateMatrixColumns),
                CarriedNumbers = Math.Max(largest.CarriedNumbers, cost.CarriedNumbers),
                ElementsRead = Math.Max(largest.ElementsRead, cost.ElementsRead),
                ElementsWritten = Math.Max(largest.ElementsWritten, cost.ElementsWritten),
                ParameterReads = Math.Max(largest.ParameterReads, cost.ParameterReads),
                ParameterWrites = Math.Max(largest.ParameterWrites, cost.ParameterWrites),
                GradientReads = Math.Max(largest.GradientReads, cost.GradientReads),
                StateReads = Math.Max(largest.StateReads, cost.StateReads),
                StateWrites = Math.Max(largest.StateWrites, cost.StateWrites),
                Storage = StateStorage.Widest(largest.Storage, cost.Storage),
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
        return (this.StateElements * elements)
            + (matrices * ((this.StateRows * rows) + (this.StateColumns * columns)))
            + (this.StateMatrixRows * Kernels.TensorExtents.CountOf(shape, Kernels.TensorExtent.MatrixRow))
            + (this.StateMatrixColumns * Kernels.TensorExtents.CountOf(shape, Kernels.TensorExtent.MatrixColumn));
    }

    /// <summary>Bytes kept for each parameter element: state, and master weights where there are any. Rows, columns and carried numbers are not counted.</summary>
    /// <param name="parameter">The parameter's type: float64, float32, bfloat16 or float16.</param>
    public int StateBytes(ScalarType parameter) =>
        (this.StateElements * StateStorage.SizeOf(this.Storage.StateTypeOf(parameter)))
        + (this.Storage.HasMaster(parameter) ? StateStorage.SizeOf(ScalarType.Float32) : 0);

    /// <summary>Bytes moved for each parameter element in one step by the elementwise passes.</summary>
    /// <remarks>
    /// Parameter and gradient count in the parameter's type, state in its own, what goes from pass to pass in that of the arithmetic;
    /// master weights are read in the place of the parameter, and written besides it.
    /// </remarks>
    /// <param name="parameter">The parameter's type: float64, float32, bfloat16 or float16.</param>
    public int BytesMoved(ScalarType parameter)
    {
        var workspaces = this.ElementsRead + this.ElementsWritten - this.ParameterReads - this.ParameterWrites - this.GradientReads - this.StateReads - this.StateWrites;
        return (this.ParameterReads * this.Storage.BytesRead(PlanTensorRole.Parameter, parameter))
            + (this.ParameterWrites * this.Storage.BytesWritten(PlanTensorRole.Parameter, parameter))
            + (this.GradientReads * this.Storage.BytesRead(PlanTensorRole.Gradient, parameter))
            + (this.StateReads * this.Storage.BytesRead(PlanTensorRole.State, parameter))
            + (this.StateWrites * this.Storage.BytesWritten(PlanTensorRole.State, parameter))
            + (workspaces * this.Storage.BytesRead(PlanTensorRole.Workspace, parameter));
    }
}
