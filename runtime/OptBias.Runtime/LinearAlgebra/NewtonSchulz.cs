using OptBias.Kernels;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>Newton-Schulz orthogonalisation: <c>X = u / (‖u‖ + 1e-7)</c>, then <c>X ← a X + (b A + c A²) X</c>, <c>A = X Xᵀ</c>.</summary>
/// <remarks>
/// <para>
/// A tensor of order 3 or more is the matrix [first dimension, all others], a vector one row. With more rows than columns
/// the transpose is iterated, so that A is the smaller Gram matrix. Arithmetic in float64 for float64, else in float32.
/// </para>
/// <para>Source: Jordan et al. 2024, Muon.</para>
/// </remarks>
public static class NewtonSchulz
{
    private const double Tiny = 1e-7;

    /// <summary>Writes the orthogonalised input.</summary>
    /// <param name="input">u, of any order.</param>
    /// <param name="output">Where the result goes, of the same shape; may be <paramref name="input"/>.</param>
    /// <param name="steps">Number of iterations, at least 1.</param>
    /// <param name="coefficients">Which polynomial.</param>
    /// <param name="work">Where it is done together with other matrices; null does it now.</param>
    public static void Orthogonalize(Tensor input, Tensor output, int steps = 5, NewtonSchulzCoefficients coefficients = NewtonSchulzCoefficients.Muon, MatrixWork? work = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var elements = input.NumberOfElements;
        if (elements == 0)
            return;
        var rows = input.dim() < 2 ? 1 : input.size(0);
        var columns = elements / rows;
        var dtype = Arguments.StateType(input.dtype);
        if (Arguments.IsDirect(input, dtype) && Arguments.IsDirect(output, dtype))
        {
            var target = work ?? MatrixWork.Immediate;
            target.Orthogonalizations.Add(new NewtonSchulzProblem
            {
                Input = input,
                Output = output,
                Steps = steps,
                Coefficients = coefficients,
                Rows = rows,
                Columns = columns,
                IsDouble = dtype == ScalarType.Float64,
            });
            if (work is null)
                target.Complete();
            return;
        }

        using var noGradient = AutogradOff.Enter();
        const string Owner = "Orthogonalization";
        var device = input.device;
        var u = Arguments.Read(input, elements, dtype, device, Owner, copy: input.Handle == output.Handle);
        var result = Arguments.Target(output, elements, dtype, device, Owner);
        var (a, b, c) = Polynomial(coefficients);
        Iterate(Matrix.Of(u, rows, columns), Matrix.Of(result, rows, columns), steps, a, b, c);
        Arguments.Deliver(result, output);
    }

    /// <summary>Rows and columns of the matrix that a parameter of this shape is to the orthogonalisation.</summary>
    public static (long Rows, long Columns) RowsAndColumns(ReadOnlySpan<long> shape)
    {
        var elements = 1L;
        foreach (var size in shape)
            elements *= size;
        return shape.Length < 2 ? (1, elements) : (shape[0], shape[0] == 0 ? 0 : elements / shape[0]);
    }

    /// <summary>Muon's scale <c>√max(1, rows / columns)</c> of a parameter of this shape; 1 for a vector.</summary>
    public static double ScaleByShape(ReadOnlySpan<long> shape)
    {
        var (rows, columns) = RowsAndColumns(shape);
        return rows == 0 || columns == 0 ? 1 : Math.Sqrt(Math.Max(1, (double)rows / columns));
    }

    /// <summary>a, b and c.</summary>
    internal static (double A, double B, double C) Polynomial(NewtonSchulzCoefficients coefficients) => coefficients switch
    {
        NewtonSchulzCoefficients.Muon => (3.4445, -4.7750, 2.0315),
        NewtonSchulzCoefficients.Convergent => (3, -16.0 / 5, 6.0 / 5),
        _ => throw new ArgumentOutOfRangeException(nameof(coefficients), coefficients, "Unknown Newton-Schulz coefficients."),
    };

    private static void Iterate(in Matrix input, in Matrix output, int steps, double a, double b, double c)
    {
        var (dtype, device) = (input.Tensor.dtype, input.Tensor.device);
        var wide = input.Rows <= input.Columns;
        var small = wide ? input.Rows : input.Columns;
        var gram = Matrix.Of(Scratch.Get(Scratch.Slot.Gram, small * small, dtype, device), small, small);
        var polynomial = Matrix.Of(Scratch.Get(Scratch.Slot.Polynomial, small * small, dtype, device), small, small);
        var current = Normalized(input);
        for (var i = 0; i < steps; i++)
        {
            var next = (steps - i) % 2 == 1 ? output : Matrix.Of(Scratch.Get(Scratch.Slot.Ping, input.Rows * input.Columns, dtype, device), input.Rows, input.Columns);
            Products.Multiply(current, !wide, current, wide, gram);
            Combine(gram, polynomial, a, b, c);
            if (wide)
                Products.Multiply(polynomial, false, current, false, next);
            else
                Products.Multiply(current, false, polynomial, false, next);
            current = next;
        }
    }

    /// <summary><c>u / (‖u‖ + 1e-7)</c> beside u. The norm stays on the device, where to read it would be to wait; in float64, since squares of float32 overflow.</summary>
    private static Matrix Normalized(in Matrix input)
    {
        var copy = Matrix.Of(Scratch.Get(Scratch.Slot.Block, input.Rows * input.Columns, input.Tensor.dtype, input.Tensor.device), input.Rows, input.Columns);
        using var scope = NewDisposeScope();
        var wide = input.View().to(ScalarType.Float64);
        copy.View().copy_(wide.div(wide.norm().Plus_(Tiny)));
        return copy;
    }

    /// <summary><c>P ← a I + b A + c A²</c>: with the identity in it, X needs no copy.</summary>
    private static void Combine(in Matrix gram, in Matrix polynomial, double a, double b, double c)
    {
        Products.Copy(gram, polynomial);
        Products.Multiply(gram, false, gram, false, polynomial, c, b);
        Products.AddToDiagonal(polynomial, a);
    }
}
