namespace OptBias;

/// <summary>
/// Says of state (<c>ref</c>) of an <see cref="ElementwiseAttribute"/> method that it holds one number for each row of the parameter instead of one
/// for each element: <c>[PerRow] ref double v</c>. A parameter is the matrix [first dimension, all others]; a vector is one row.
/// </summary>
/// <remarks>
/// What it becomes must be the same for all elements of a row: it is made of sums over each row (<see cref="SumOver.EachRow"/>), of state of that
/// kind, and of numbers that are the same for all elements. It is kept in the type of the arithmetic: float64 for float64, else float32.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PerRowAttribute : Attribute;
