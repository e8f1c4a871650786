using System.Numerics;

namespace OptBias.LinearAlgebra;

/// <summary>Copies the lower triangle of a square row-major matrix over the upper one, in tiles that fit the first cache.</summary>
internal static unsafe class Triangle
{
    private const long Tile = 32;

    /// <summary>In place.</summary>
    public static void Mirror<T>(T* matrix, long n)
        where T : unmanaged, INumberBase<T> => Mirror(matrix, matrix, n);

    /// <summary>Into another matrix, converted to its type; both triangles are written.</summary>
    public static void Mirror<TFrom, TTo>(TFrom* from, TTo* to, long n)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        for (var top = 0L; top < n; top += Tile)
        {
            for (var left = 0L; left <= top; left += Tile)
                MirrorTile(from, to, n, top, left);
        }
    }

    private static void MirrorTile<TFrom, TTo>(TFrom* from, TTo* to, long n, long top, long left)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        var bottom = Math.Min(top + Tile, n);
        for (var row = top; row < bottom; row++)
        {
            var right = Math.Min(left + Tile, row + 1);
            for (var column = left; column < right; column++)
            {
                var value = TTo.CreateTruncating(from[(row * n) + column]);
                to[(row * n) + column] = value;
                to[(column * n) + row] = value;
            }
        }
    }
}
