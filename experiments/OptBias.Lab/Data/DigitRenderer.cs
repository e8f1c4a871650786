namespace OptBias.Lab.Data;

/// <summary>Draws one digit with a pen of random width under a random affine map.</summary>
/// <remarks>
/// A rotation by the half-angle tangent u has cosine (1 − u²)/(1 + u²) and sine 2u/(1 + u²): exact operations only,
/// so that the pixels are the same on every machine.
/// </remarks>
internal static class DigitRenderer
{
    /// <summary>Width and height of an image in pixels.</summary>
    public const int Size = 28;

    private const int CurveSteps = 6;
    private const double BoxHeight = 19;
    private const double BoxWidth = 14;

    /// <summary>Draws a digit into <paramref name="pixels"/> [28 × 28], which must be zero.</summary>
    public static void Draw(int digit, SeededRandom random, Span<byte> pixels)
    {
        var ways = DigitStrokes.Ways[digit];
        var strokes = ways[random.NextInt(ways.Length)];
        var map = RandomMap(random);
        var radius = random.Uniform(0.75, 1.6);
        var ink = random.Uniform(0.75, 1.0);
        Span<double> coverage = stackalloc double[Size * Size];
        foreach (var stroke in strokes)
        {
            var points = stroke.Points.Select(p => map(Jitter(p, random))).ToArray();
            var path = stroke.Smooth ? Smooth(points) : points;
            for (var i = 1; i < path.Length; i++)
                Ink(coverage, path[i - 1], path[i], radius);
        }

        // Grain on the ink and a little dirt on the paper; most of the background stays at zero, as in scanned digits.
        for (var i = 0; i < pixels.Length; i++)
        {
            var noise = random.NextNearlyNormal();
            var value = coverage[i] > 0 ? (coverage[i] * ink) + (0.06 * noise) : 0.12 * (noise - 2);
            pixels[i] = (byte)Math.Clamp((value * 255) + 0.5, 0, 255);
        }
    }

    private static Func<StrokePoint, StrokePoint> RandomMap(SeededRandom random)
    {
        var u = random.Uniform(-0.13, 0.13);
        var (cosine, sine) = ((1 - (u * u)) / (1 + (u * u)), 2 * u / (1 + (u * u)));
        var shear = random.Uniform(-0.28, 0.28);
        var (width, height) = (BoxWidth * random.Uniform(0.72, 1.12), BoxHeight * random.Uniform(0.8, 1.06));
        var (left, top) = (random.Uniform(-1.6, 1.6) + (Size / 2.0), random.Uniform(-1.6, 1.6) + (Size / 2.0));
        return p =>
        {
            var y = (p.Y - 0.5) * height;
            var x = ((p.X - 0.5) * width) - (shear * y);
            return new((cosine * x) - (sine * y) + left, (sine * x) + (cosine * y) + top);
        };
    }

    private static StrokePoint Jitter(StrokePoint p, SeededRandom random) =>
        new(p.X + random.Uniform(-0.045, 0.045), p.Y + random.Uniform(-0.035, 0.035));

    /// <summary>Catmull and Rom's curve through the points, as short straight lines.</summary>
    private static StrokePoint[] Smooth(StrokePoint[] points)
    {
        var path = new List<StrokePoint> { points[0] };
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var (a, b, c, d) = (points[Math.Max(i - 1, 0)], points[i], points[i + 1], points[Math.Min(i + 2, points.Length - 1)]);
            for (var step = 1; step <= CurveSteps; step++)
            {
                var t = step / (double)CurveSteps;
                path.Add(new(Blend(a.X, b.X, c.X, d.X, t), Blend(a.Y, b.Y, c.Y, d.Y, t)));
            }
        }

        return [.. path];
    }

    private static double Blend(double a, double b, double c, double d, double t) =>
        0.5 * ((2 * b) + ((c - a) * t) + (((2 * a) - (5 * b) + (4 * c) - d) * t * t) + (((3 * b) - a - (3 * c) + d) * t * t * t));

    /// <summary>Covers the pixels near the segment: fully within the radius, fading over one pixel.</summary>
    private static void Ink(Span<double> coverage, StrokePoint from, StrokePoint to, double radius)
    {
        var reach = radius + 1;
        var (left, right) = (First(Math.Min(from.X, to.X) - reach), Last(Math.Max(from.X, to.X) + reach));
        var (top, bottom) = (First(Math.Min(from.Y, to.Y) - reach), Last(Math.Max(from.Y, to.Y) + reach));
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length = (dx * dx) + (dy * dy);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var (px, py) = (column + 0.5 - from.X, row + 0.5 - from.Y);
                var t = length == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1);
                var (ex, ey) = (px - (t * dx), py - (t * dy));
                var covered = Math.Clamp(radius + 0.5 - Math.Sqrt((ex * ex) + (ey * ey)), 0, 1);
                ref var pixel = ref coverage[(row * Size) + column];
                pixel = Math.Max(pixel, covered);
            }
        }

        static int First(double x) => Math.Max(0, (int)Math.Floor(x));
        static int Last(double x) => Math.Min(Size - 1, (int)Math.Ceiling(x));
    }
}
