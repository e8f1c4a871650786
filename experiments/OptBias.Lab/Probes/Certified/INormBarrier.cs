namespace OptBias.Lab.Probes.Certified;

/// <summary>A self-concordant barrier of the cone ‖W‖ &lt; s over (W, s): W row by row, s last.</summary>
/// <remarks>Source: Nesterov and Nemirovskii, "Interior-Point Polynomial Algorithms in Convex Programming", 1994, chapter 5.</remarks>
internal interface INormBarrier
{
    /// <summary>ν: at parameter τ of the central path the objective is within ν/τ of the optimum.</summary>
    double Parameter { get; }

    /// <summary>The barrier; infinity outside of the cone.</summary>
    double Value(ReadOnlySpan<double> matrix, double bound);

    /// <summary>Writes gradient (elements + 1) and Hessian (square, row by row) at a point inside of the cone.</summary>
    void Derivatives(ReadOnlySpan<double> matrix, double bound, Span<double> gradient, Span<double> hessian);
}
