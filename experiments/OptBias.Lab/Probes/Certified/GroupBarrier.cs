namespace OptBias.Lab.Probes.Certified;

/// <summary>
/// −Σ log(s² − ‖w_group‖²): the barrier of the norm "length of the longest group". One group is the Frobenius norm, a group for each
/// element the largest element, a group for each row or column the longest row or column.
/// </summary>
internal sealed class GroupBarrier(int elements, int groups, Func<int, int> groupOf) : INormBarrier
{
    public double Parameter => 2 * groups;

    public double Value(ReadOnlySpan<double> matrix, double bound)
    {
        if (bound <= 0)
            return double.PositiveInfinity;
        var value = 0.0;
        foreach (var room in this.Rooms(matrix, bound))
        {
            if (room <= 0)
                return double.PositiveInfinity;
            value -= Math.Log(room);
        }

        return value;
    }

    public void Derivatives(ReadOnlySpan<double> matrix, double bound, Span<double> gradient, Span<double> hessian)
    {
        var n = elements + 1;
        var rooms = this.Rooms(matrix, bound);
        gradient.Clear();
        hessian.Clear();
        for (var i = 0; i < elements; i++)
        {
            var q = rooms[groupOf(i)];
            gradient[i] = 2 * matrix[i] / q;
            hessian[(i * n) + i] = 2 / q;
            hessian[(i * n) + elements] = hessian[(elements * n) + i] = -4 * bound * matrix[i] / (q * q);
            for (var j = 0; j < elements; j++)
            {
                if (groupOf(j) == groupOf(i))
                    hessian[(i * n) + j] += 4 * matrix[i] * matrix[j] / (q * q);
            }
        }

        foreach (var q in rooms)
        {
            gradient[elements] -= 2 * bound / q;
            hessian[(elements * n) + elements] += (-2 / q) + (4 * bound * bound / (q * q));
        }
    }

    private double[] Rooms(ReadOnlySpan<double> matrix, double bound)
    {
        var rooms = new double[groups];
        Array.Fill(rooms, bound * bound);
        for (var i = 0; i < elements; i++)
            rooms[groupOf(i)] -= matrix[i] * matrix[i];
        return rooms;
    }
}
