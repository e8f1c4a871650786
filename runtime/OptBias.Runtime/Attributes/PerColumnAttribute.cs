namespace OptBias;

/// <summary>
/// Says of state (<c>ref</c>) of an <see cref="ElementwiseAttribute"/> method that it holds one number for each column of the parameter instead of one
/// for each element: <c>[PerColumn] ref double v</c>. A parameter is the matrix [first dimension, all others]; a vector has one for each element.
/// </summary>
/// <remarks>
/// What it becomes must be the same for all elements of a column: it is made of sums over each column (<see cref="SumOver.EachColumn"/>), of state of that
/// kind, and of numbers that are the same for all elements. It is kept in the type of the arithmetic: float64 for float64, else float32.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PerColumnAttribute : Attribute;
