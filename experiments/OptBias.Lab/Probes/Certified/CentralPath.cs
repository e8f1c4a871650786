using System.Numerics.Tensors;

namespace OptBias.Lab.Probes.Certified;

/// <summary>
/// Minimises a linear function c·v where linear inequalities a·v + b &gt; 0 hold and a matrix that depends linearly on v lies inside of a
/// norm's cone: Newton's method along the central path.
/// </summary>
/// <remarks>
/// The path's point of parameter τ minimises τ c·v + the barriers; c·v is within (ν + number of inequalities)/τ of the optimum there.
/// Source: Boyd and Vandenberghe, "Convex Optimization", 2004, section 11.3. Nothing here is trusted: whoever calls computes a
/// certificate from the result.
/// </remarks>
internal sealed class CentralPath
{
    private const double Growth = 12;
    private const int MostNewtonSteps = 80;

    /// <summary>c.</summary>
    public required double[] Objective { get; init; }

    /// <summary>The rows a with their b.</summary>
    public required IReadOnlyList<(double[] Row, double Constant)> Inequalities { get; init; }

    /// <summary>The barrier of the norm.</summary>
    public required INormBarrier Barrier { get; init; }

    /// <summary>(W, s) = Map v + Origin: one row of the map for each element of W, the last for s.</summary>
    public required double[][] Map { get; init; }

    /// <summary>(W, s) at v = 0.</summary>
    public required double[] Origin { get; init; }

    /// <summary>τ, after <see cref="Follow"/>.</summary>
    public double Tau { get; private set; } = 1;

    /// <summary>The gradient of the norm's barrier by W, over τ: at the end of the path the solution of the dual problem.</summary>
    public double[] DualMatrix { get; private set; } = [];

    /// <summary>The dual of each inequality: 1/(τ (a·v + b)).</summary>
    public double[] Multipliers { get; private set; } = [];

    /// <summary>Follows the path from a point strictly inside until the gap is at most <paramref name="gap"/>, and returns its end.</summary>
    public double[] Follow(double[] start, double gap)
    {
        var v = start.ToArray();
        var parameter = this.Barrier.Parameter + this.Inequalities.Count;
        this.Tau = 1 / Math.Max(1e-3, Math.Abs(TensorPrimitives.Dot<double>(this.Objective, v)));
        while (true)
        {
            this.Center(v);
            if (parameter / this.Tau <= gap)
                break;
            this.Tau *= Growth;
        }

        this.ReadDual(v);
        return v;
    }

    /// <summary>
    /// The dual solution: the gradients of the barriers over τ, linearised to where one more Newton step would lead. Without it they are as
    /// inexact as a small slack is that was computed as a difference; with it they meet the dual's equations.
    /// </summary>
    private void ReadDual(double[] v)
    {
        var (gradient, hessian) = this.Derivatives(v);
        var step = NewtonStep(gradient, hessian);
        TensorPrimitives.Negate(step, step);
        var point = this.Point(v);
        var m = point.Length;
        var (inner, curvature) = (new double[m], new double[m * m]);
        this.Barrier.Derivatives(point.AsSpan(0, m - 1), point[^1], inner, curvature);
        var moved = this.Map.Select(row => TensorPrimitives.Dot<double>(row, step)).ToArray();
        this.DualMatrix = [.. Enumerable.Range(0, m - 1).Select(i => (inner[i] + TensorPrimitives.Dot<double>(curvature.AsSpan(i * m, m), moved)) / this.Tau)];
        this.Multipliers = [.. this.Inequalities.Select(row =>
        {
            var slack = TensorPrimitives.Dot<double>(row.Row, v) + row.Constant;
            return Math.Max(0, (1 - (TensorPrimitives.Dot<double>(row.Row, step) / slack)) / (this.Tau * slack));
        })];
    }

    private void Center(double[] v)
    {
        var before = double.PositiveInfinity;
        for (var k = 0; k < MostNewtonSteps; k++)
        {
            var (gradient, hessian) = this.Derivatives(v);
            var step = NewtonStep(gradient, hessian);
            var n = v.Length;
            var decrement = TensorPrimitives.Dot<double>(gradient, step);

            // The dual solution is read off the gradient, so the centre is found as exactly as rounding lets it: until a step brings nothing.
            if (!(decrement > 1e-26) || (decrement < 1e-8 && decrement > 0.25 * before))
                return;
            before = decrement;

            // Inside of the unit of the local norm a full step never leaves the domain; outside of it the damped step does not.
            var length = decrement < 0.25 ? 1 : 1 / (1 + Math.Sqrt(decrement));
            var next = new double[n];
            do
            {
                for (var i = 0; i < n; i++)
                    next[i] = v[i] - (length * step[i]);
                length /= 2;
            }
            while (!this.IsInside(next) && length > 1e-15);
            if (length <= 1e-15)
                return;
            next.CopyTo(v, 0);
        }
    }

    /// <summary>H⁻¹ g. Near the end of the path the Hessian is positive definite but for rounding: then its diagonal is lifted.</summary>
    private static double[] NewtonStep(double[] gradient, double[] hessian)
    {
        var n = gradient.Length;
        var factor = hessian.ToArray();
        for (var lift = 1e-15; !Cholesky.Factor(factor, n); lift *= 10)
        {
            if (!(lift < 1))
                throw new ArithmeticException("The Hessian of the barriers is not positive definite.");
            hessian.CopyTo(factor, 0);
            for (var i = 0; i < n; i++)
                factor[(i * n) + i] *= 1 + lift;
        }

        var step = gradient.ToArray();
        Cholesky.Solve(factor, n, step);
        return step;
    }

    private bool IsInside(double[] v)
    {
        var point = this.Point(v);
        return this.Slacks(v).All(s => s > 0) && double.IsFinite(this.Barrier.Value(point.AsSpan(0, point.Length - 1), point[^1]));
    }

    private double[] Slacks(double[] v) => [.. this.Inequalities.Select(row => TensorPrimitives.Dot<double>(row.Row, v) + row.Constant)];

    private double[] Point(double[] v) => [.. this.Map.Select((row, i) => this.Origin[i] + TensorPrimitives.Dot<double>(row, v))];

    private (double[] Gradient, double[] Hessian) Derivatives(double[] v)
    {
        var n = v.Length;
        var point = this.Point(v);
        var m = point.Length;
        var (inner, curvature) = (new double[m], new double[m * m]);
        this.Barrier.Derivatives(point.AsSpan(0, m - 1), point[^1], inner, curvature);

        var gradient = this.Objective.Select(c => c * this.Tau).ToArray();
        for (var i = 0; i < m; i++)
            TensorPrimitives.MultiplyAdd(this.Map[i], inner[i], gradient, gradient);

        // Mapᵀ · curvature · Map by the rows of curvature · Map.
        var hessian = new double[n * n];
        var row = new double[n];
        for (var i = 0; i < m; i++)
        {
            Array.Clear(row);
            for (var j = 0; j < m; j++)
            {
                if (curvature[(i * m) + j] != 0)
                    TensorPrimitives.MultiplyAdd(this.Map[j], curvature[(i * m) + j], row, row);
            }

            AddOuter(hessian, this.Map[i], row, 1);
        }

        foreach (var (a, b) in this.Inequalities)
        {
            var slack = TensorPrimitives.Dot<double>(a, v) + b;
            TensorPrimitives.MultiplyAdd(a, -1 / slack, gradient, gradient);
            AddOuter(hessian, a, a, 1 / (slack * slack));
        }

        return (gradient, hessian);
    }

    private static void AddOuter(double[] matrix, double[] left, double[] right, double weight)
    {
        var n = left.Length;
        for (var i = 0; i < n; i++)
        {
            if (left[i] == 0)
                continue;
            var row = matrix.AsSpan(i * n, n);
            TensorPrimitives.MultiplyAdd(right, weight * left[i], row, row);
        }
    }
}
