namespace OptBias.Runtime.Tests;

/// <summary>
/// <c>torch.optim.Adafactor</c> written by hand on arrays: the variance by the last two dimensions where there are two, whole
/// where there are not, floored at ε₁² with the machine's ε₁.
/// </summary>
internal sealed class AdafactorByHand(long[] shape, double[] parameter, double lr, double decay, double weightDecay, double d, double eps2)
{
    private const double Eps1 = 2.220446049250313e-16;

    private readonly int columns = shape.Length >= 2 ? (int)shape[^1] : 1;
    private readonly int rows = shape.Length >= 2 ? (int)shape[^2] : 1;
    private readonly double[] rowVariance = new double[parameter.Length];
    private readonly double[] columnVariance = new double[parameter.Length];
    private readonly double[] variance = new double[parameter.Length];
    private int step;

    public double[] Parameter { get; } = [.. parameter];

    public void Step(double[] gradient)
    {
        this.step++;
        var weight = Math.Pow(this.step, decay);
        var alpha = Math.Max(eps2, RootMeanSquare(this.Parameter)) * Math.Min(lr, 1 / Math.Sqrt(this.step));
        var estimate = shape.Length >= 2 ? this.Factored(gradient, weight) : this.Whole(gradient, weight);
        var update = gradient.Zip(estimate, (g, v) => g / Math.Sqrt(Math.Max(v, Eps1 * Eps1))).ToArray();
        var denominator = Math.Max(1, RootMeanSquare(update) / d);
        for (var i = 0; i < update.Length; i++)
            this.Parameter[i] = (this.Parameter[i] * (1 - (lr * weightDecay))) - (alpha / denominator * update[i]);
    }

    private static double RootMeanSquare(double[] x) => Math.Sqrt(x.Sum(v => v * v) / x.Length);

    private double[] Whole(double[] gradient, double weight)
    {
        for (var i = 0; i < gradient.Length; i++)
            this.variance[i] += weight * ((gradient[i] * gradient[i]) - this.variance[i]);
        return this.variance;
    }

    private double[] Factored(double[] gradient, double weight)
    {
        var size = this.rows * this.columns;
        for (var matrix = 0; matrix < gradient.Length / size; matrix++)
        {
            double At(int row, int column) => gradient[(matrix * size) + (row * this.columns) + column];
            for (var row = 0; row < this.rows; row++)
            {
                var mean = Enumerable.Range(0, this.columns).Sum(c => At(row, c) * At(row, c)) / this.columns;
                this.rowVariance[(matrix * this.rows) + row] += weight * (mean - this.rowVariance[(matrix * this.rows) + row]);
            }

            for (var column = 0; column < this.columns; column++)
            {
                var mean = Enumerable.Range(0, this.rows).Sum(r => At(r, column) * At(r, column)) / this.rows;
                this.columnVariance[(matrix * this.columns) + column] += weight * (mean - this.columnVariance[(matrix * this.columns) + column]);
            }

            var meanOfRows = Enumerable.Range(0, this.rows).Sum(r => this.rowVariance[(matrix * this.rows) + r]) / this.rows;
            for (var i = 0; i < size; i++)
            {
                this.variance[(matrix * size) + i] = this.rowVariance[(matrix * this.rows) + (i / this.columns)]
                    * this.columnVariance[(matrix * this.columns) + (i % this.columns)] / Math.Max(meanOfRows, Eps1);
            }
        }

        return this.variance;
    }
}
