namespace OptBias.Generators.Tests;

/// <summary>A stage as its equation says, for tensors of one optimizer with one parameter, in double.</summary>
internal abstract class StageByHand
{
    /// <summary>The stage that an attribute with these arguments declares; there are as many as random methods stand among.</summary>
    public static StageByHand Of(string attribute) => attribute switch
    {
        "Momentum(0.9)" => new Average(0.9),
        "HeavyBall(0.5)" => new Ball(0.5),
        "Diagonal(0.99)" => new SecondMoment(0.99),
        "ClipByNorm(1.0)" => new Clip(1),
        "Sign" => new SignOf(),
        _ => throw new ArgumentException($"[{attribute}] has not been written by hand."),
    };

    /// <summary>Turns the update signal into a new one.</summary>
    /// <param name="update">The signal, overwritten.</param>
    /// <param name="gradient">The gradient; the same array as long as no stage has made another signal of it.</param>
    /// <param name="step">The step, from 1.</param>
    /// <returns>The new signal.</returns>
    public abstract double[] Apply(double[] update, double[] gradient, long step);

    private sealed class Average(double beta) : StageByHand
    {
        private double[]? m;

        public override double[] Apply(double[] update, double[] gradient, long step)
        {
            this.m = [.. update.Select((u, i) => (beta * (this.m?[i] ?? 0)) + ((1 - beta) * u))];
            return Array.ConvertAll(this.m, m => m / (1 - Math.Pow(beta, step)));
        }
    }

    private sealed class Ball(double mu) : StageByHand
    {
        private double[]? b;

        public override double[] Apply(double[] update, double[] gradient, long step) =>
            this.b = [.. update.Select((u, i) => (mu * (this.b?[i] ?? 0)) + u)];
    }

    private sealed class SecondMoment(double beta) : StageByHand
    {
        private double[]? v;

        public override double[] Apply(double[] update, double[] gradient, long step)
        {
            this.v = [.. gradient.Select((g, i) => (beta * (this.v?[i] ?? 0)) + ((1 - beta) * g * g))];
            return [.. update.Select((u, i) => u / (Math.Sqrt(this.v[i] / (1 - Math.Pow(beta, step))) + 1e-8))];
        }
    }

    private sealed class Clip(double maximum) : StageByHand
    {
        /// <summary>A clip of the gradient itself clips what later stages see of it.</summary>
        public override double[] Apply(double[] update, double[] gradient, long step)
        {
            var scale = Math.Min(1, maximum / (Math.Sqrt(update.Sum(u => u * u)) + 1e-6));
            var clipped = Array.ConvertAll(update, u => scale * u);
            if (ReferenceEquals(update, gradient))
                clipped.CopyTo(gradient, 0);
            return ReferenceEquals(update, gradient) ? gradient : clipped;
        }
    }

    private sealed class SignOf : StageByHand
    {
        public override double[] Apply(double[] update, double[] gradient, long step) => Array.ConvertAll(update, u => double.IsNaN(u) ? 0.0 : Math.Sign(u));
    }
}
