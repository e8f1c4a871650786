namespace OptBias.Lab.Metrics;

/// <summary>The assignment of rows to columns with the largest total gain, by shortest augmenting paths.</summary>
/// <remarks>O(n³) time, O(n²) memory. Source: Kuhn 1955 (the Hungarian method); Jonker and Volgenant, Computing 1987 (shortest augmenting paths).</remarks>
public static class LinearAssignment
{
    /// <summary>Assigns each row its own column.</summary>
    /// <param name="gain">[n, n], finite.</param>
    /// <returns>The column of each row.</returns>
    /// <exception cref="ArgumentException">Not square, or not finite.</exception>
    public static int[] Maximize(double[,] gain)
    {
        var n = gain.GetLength(0);
        if (n != gain.GetLength(1))
            throw new ArgumentException($"Expected a square matrix of gains, got {n} x {gain.GetLength(1)}.");
        foreach (var value in gain)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException("An assignment needs finite gains.");
        }

        // Row n and column n are the virtual start of a path; potentials keep all reduced costs at zero or above.
        var rowPotential = new double[n + 1];
        var columnPotential = new double[n + 1];
        var rowOf = new int[n + 1];
        Array.Fill(rowOf, -1);
        var distance = new double[n];
        var previous = new int[n];
        var settled = new bool[n + 1];

        for (var row = 0; row < n; row++)
        {
            Array.Fill(distance, double.PositiveInfinity);
            Array.Clear(settled);
            var column = n;
            rowOf[n] = row;
            do
            {
                settled[column] = true;
                var i = rowOf[column];
                var nearest = double.PositiveInfinity;
                var next = -1;
                for (var j = 0; j < n; j++)
                {
                    if (settled[j])
                        continue;
                    var reduced = -gain[i, j] - rowPotential[i] - columnPotential[j];
                    if (reduced < distance[j])
                        (distance[j], previous[j]) = (reduced, column);
                    if (distance[j] < nearest)
                        (nearest, next) = (distance[j], j);
                }

                for (var j = 0; j <= n; j++)
                {
                    if (settled[j])
                    {
                        rowPotential[rowOf[j]] += nearest;
                        columnPotential[j] -= nearest;
                    }
                    else if (j < n)
                    {
                        distance[j] -= nearest;
                    }
                }

                column = next;
            }
            while (rowOf[column] >= 0);

            while (column != n)
            {
                var before = previous[column];
                rowOf[column] = rowOf[before];
                column = before;
            }
        }

        var columnOf = new int[n];
        for (var j = 0; j < n; j++)
            columnOf[rowOf[j]] = j;
        return columnOf;
    }
}
