namespace OptBias.Lab.Statistics;

/// <summary>
/// All resamples of n values with replacement, each multiset once with its probability n! / (Π kᵢ! nⁿ).
/// There are C(2n − 1, n) of them: 126 for five values, 6,435 for eight.
/// </summary>
internal static class MultisetResampling
{
    /// <summary>The mean of every resample and its probability.</summary>
    public static (double[] Means, double[] Weights) Means(double[] values)
    {
        var n = values.Length;
        var means = new List<double>();
        var weights = new List<double>();
        var factorial = new double[n + 1];
        factorial[0] = 1;
        for (var i = 1; i <= n; i++)
            factorial[i] = factorial[i - 1] * i;

        Choose(0, n, 0, factorial[n] / Math.Pow(n, n));
        return ([.. means], [.. weights]);

        void Choose(int index, int left, double sum, double weight)
        {
            if (index == n - 1)
            {
                means.Add((sum + (left * values[index])) / n);
                weights.Add(weight / factorial[left]);
                return;
            }

            for (var count = 0; count <= left; count++)
                Choose(index + 1, left - count, sum + (count * values[index]), weight / factorial[count]);
        }
    }
}
