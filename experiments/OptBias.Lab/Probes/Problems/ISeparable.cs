namespace OptBias.Lab.Probes.Problems;

/// <summary>A linear problem that a matrix separates: ⟨A, W⟩ &gt; 0 for each condition A, with a logistic loss.</summary>
internal interface ISeparable
{
    /// <summary>Rows of W.</summary>
    int Rows { get; }

    /// <summary>Columns of W.</summary>
    int Columns { get; }

    /// <summary>A matrix that separates, row by row.</summary>
    double[] Teacher { get; }

    /// <summary>The conditions, row by row.</summary>
    double[][] Conditions { get; }

    /// <summary>The mean loss; writes its gradient.</summary>
    double LossAndGradient(ReadOnlySpan<double> weights, Span<double> gradient);
}
