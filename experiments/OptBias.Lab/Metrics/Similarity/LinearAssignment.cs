using System.Runtime.InteropServices;

namespace OptBias.Lab.Metrics;

/// <summary>The assignment of rows to columns with the largest total gain, by shortest augmenting paths.</summary>
/// <remarks>O(n³) time, O(n²) memory. Source: Kuhn 1955 (the Hungarian method); Jonker and Volgenant, Computing 1987 (shortest augmenting paths); Crouse, IEEE Trans. Aerosp. Electron. Syst. 2016 (this form).</remarks>
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

        var rowPotential = new double[n];
        var columnPotential = new double[n];
        var columnOf = new int[n];
        var rowOf = new int[n];
        Array.Fill(columnOf, -1);
        Array.Fill(rowOf, -1);
        var path = new ShortestPath(gain, rowPotential, columnPotential, rowOf);
        for (var row = 0; row < n; row++)
        {
            var (free, length) = path.From(row);

            // Potentials that keep all reduced costs at zero or above, and at zero along the paths found.
            rowPotential[row] += length;
            foreach (var column in path.Settled)
            {
                var slack = length - path.Distance[column];
                columnPotential[column] -= slack;
                if (rowOf[column] >= 0)
                    rowPotential[rowOf[column]] += slack;
            }

            for (var (column, reached) = (free, -1); reached != row;)
            {
                reached = path.Before[column];
                rowOf[column] = reached;
                (columnOf[reached], column) = (column, columnOf[reached]);
            }
        }

        return columnOf;
    }

    /// <summary>Dijkstra's shortest path from a row without a column to a column without a row, in reduced costs.</summary>
    private sealed class ShortestPath(double[,] gain, double[] rowPotential, double[] columnPotential, int[] rowOf)
    {
        private readonly int[] columns = new int[columnPotential.Length];
        private int left;

        /// <summary>Length of the shortest path to each column.</summary>
        public double[] Distance { get; } = new double[columnPotential.Length];

        /// <summary>The row before each column on that path.</summary>
        public int[] Before { get; } = new int[columnPotential.Length];

        /// <summary>The columns whose distance is final.</summary>
        public ReadOnlySpan<int> Settled => this.columns.AsSpan(this.left);

        public (int Column, double Length) From(int row)
        {
            Array.Fill(this.Distance, double.PositiveInfinity);
            for (var k = 0; k < this.columns.Length; k++)
                this.columns[k] = k;
            this.left = this.columns.Length;
            var length = 0.0;
            while (true)
            {
                var nearest = this.Relax(row, length);
                var column = this.columns[nearest];
                length = this.Distance[column];
                this.left--;
                (this.columns[nearest], this.columns[this.left]) = (this.columns[this.left], column);
                if (rowOf[column] < 0)
                    return (column, length);
                row = rowOf[column];
            }
        }

        /// <summary>Looks from a row at all columns that are left, and returns the place of the nearest; among equal ones a free column, which ends the path.</summary>
        private int Relax(int row, double length)
        {
            var gains = MemoryMarshal.CreateReadOnlySpan(ref gain[row, 0], this.columns.Length);
            var (nearest, shortest) = (0, double.PositiveInfinity);
            var start = length - rowPotential[row];
            for (var k = 0; k < this.left; k++)
            {
                var column = this.columns[k];
                var through = start - gains[column] - columnPotential[column];
                if (through < this.Distance[column])
                    (this.Distance[column], this.Before[column]) = (through, row);
                var distance = this.Distance[column];
                if (distance < shortest || (distance == shortest && rowOf[column] < 0))
                    (nearest, shortest) = (k, distance);
            }

            return nearest;
        }
    }
}
