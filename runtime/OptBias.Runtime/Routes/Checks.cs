using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>Says what numbers mean; throws where they mean that the step cannot be.</summary>
/// <param name="about">Whom and what they concern.</param>
/// <param name="numbers">The numbers.</param>
internal delegate void Judge<in T>(T about, ReadOnlySpan<double> numbers);

/// <summary>
/// What a step wants to know of tensors before it goes on. Numbers on the CPU are judged at once; those on a device are collected
/// over the parameters, read together, and judged one by one.
/// </summary>
internal sealed class Checks
{
    private readonly List<(Action<double[], int> Judge, int Numbers)> checks = [];
    private readonly List<Tensor> numbers = [];

    /// <summary>Asks for the sum of the squares of all entries, computed in a type.</summary>
    public void Squares<T>(Tensor tensor, T about, Judge<T> judge, ScalarType dtype = ScalarType.Float64)
    {
        if (RouteOf.Of(tensor) == Route.Device)
            this.Later(about, judge, Numbers.TensorOfSquares(tensor, dtype));
        else
            judge(about, [Numbers.SumOfSquares(tensor, dtype)]);
    }

    /// <summary>Asks for the traces of square matrices of float64.</summary>
    public void Traces<T>(ReadOnlySpan<Tensor> squares, T about, Judge<T> judge)
    {
        Span<double> traces = stackalloc double[squares.Length];
        if (RouteOf.Of(squares[0]) == Route.Device)
        {
            this.Later(about, judge, Each(squares, static square => square.diagonal().sum()));
            return;
        }

        for (var k = 0; k < squares.Length; k++)
            traces[k] = Numbers.Trace(squares[k]);
        judge(about, traces);
    }

    /// <summary>Asks for the sum of all entries of each tensor: it is finite if all entries are.</summary>
    public void Sums<T>(ReadOnlySpan<Tensor> tensors, T about, Judge<T> judge)
    {
        if (!tensors.IsEmpty)
            this.Sums(Each(tensors, static tensor => tensor.sum(ScalarType.Float64)), tensors[0], about, judge);
    }

    /// <summary>The same for each matrix of a stack.</summary>
    public void SumsOfStack<T>(Tensor matrices, T about, Judge<T> judge) =>
        this.Sums(Each([matrices], static stack => stack.sum([-1, -2], type: ScalarType.Float64)), matrices, about, judge);

    /// <summary>Reads the numbers that are on devices, and has them judged in the order in which they were asked for.</summary>
    public void Complete()
    {
        if (this.checks.Count == 0)
            return;
        try
        {
            var (values, place) = (Numbers.Read(this.numbers), 0);
            foreach (var (judge, count) in this.checks)
            {
                judge(values, place);
                place += count;
            }
        }
        finally
        {
            this.Clear();
        }
    }

    /// <summary>Forgets what was asked for.</summary>
    public void Clear()
    {
        foreach (var tensor in this.numbers)
            tensor.Dispose();
        this.numbers.Clear();
        this.checks.Clear();
    }

    /// <summary>Asks for numbers that are on a device, of one dimension or none. The tensors are owned from here on.</summary>
    private void Later<T>(T about, Judge<T> judge, params ReadOnlySpan<Tensor> tensors)
    {
        var sum = 0L;
        foreach (var tensor in tensors)
        {
            this.numbers.Add(tensor.DetachFromDisposeScope());
            sum += tensor.NumberOfElements;
        }

        var count = checked((int)sum);
        this.checks.Add(((values, place) => judge(about, values.AsSpan(place, count)), count));
    }

    private void Sums<T>(Tensor[] sums, Tensor of, T about, Judge<T> judge)
    {
        if (RouteOf.Of(of) == Route.Device)
        {
            this.Later(about, judge, sums);
            return;
        }

        judge(about, Numbers.Read(sums));
        foreach (var sum in sums)
            sum.Dispose();
    }

    private static Tensor[] Each(ReadOnlySpan<Tensor> tensors, Func<Tensor, Tensor> reduce)
    {
        using var scope = NewDisposeScope();
        var results = new Tensor[tensors.Length];
        for (var k = 0; k < results.Length; k++)
            results[k] = reduce(tensors[k]).MoveToOuterDisposeScope();
        return results;
    }
}
