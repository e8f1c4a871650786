using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// Shampoo's preconditioner for one parameter: for each dimension k of a tensor of order o a factor L_k of
/// <c>G₍ₖ₎ G₍ₖ₎ᵀ</c> and its inverse root <c>R_k = (L̂_k + ε I)^(−1/(2o))</c>; <c>u ← u ×ₖ R_k</c>.
/// </summary>
/// <remarks>
/// <para>Dimensions of size 1 do not count. Large tensors are cut into blocks (<see cref="Partition"/>), each a problem of its own.</para>
/// <para>
/// A step is <see cref="Update"/>, then <see cref="Apply"/>. If Update throws, the state is as it was before; a root that
/// cannot be computed is replaced by the old one, with a warning, at most three times in a row.
/// </para>
/// <para>State in float64 for float64 parameters, in float32 for all others; roots are computed in float64.</para>
/// <para>Sources: Gupta, Koren and Singer 2018 (arXiv 1802.09568); Anil et al. 2020 (arXiv 2002.09018); KL-Shampoo: arXiv 2509.03378.</para>
/// </remarks>
public sealed class KroneckerPreconditioner : IMatrixState
{
    /// <summary>More failed refreshes in a row than this are an error.</summary>
    public const int MaxFailures = 3;

    private readonly KroneckerSettings settings;
    private readonly string name;
    private readonly ScalarType dtype;
    private readonly long elements;
    private readonly double exponent;
    private readonly KroneckerBlock[] blocks;
    private readonly BackgroundRoots? background;
    private Device device;
    private long lastRefresh;

    /// <summary>Makes the state: factors zero, roots the identity.</summary>
    /// <param name="shape">Shape of the parameter.</param>
    /// <param name="dtype">The parameter's dtype.</param>
    /// <param name="device">The parameter's device.</param>
    /// <param name="settings">What the declaration fixes.</param>
    /// <param name="parameterName">The parameter's name in error messages.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the exponent does not suit the root method.</exception>
    public KroneckerPreconditioner(ReadOnlySpan<long> shape, ScalarType dtype, Device device, KroneckerSettings settings, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var noGradient = no_grad();
        this.settings = settings.Validated();
        this.name = parameterName;
        this.dtype = Arguments.StateType(dtype);
        this.device = device;
        this.Partition = BlockPartition.Of(shape, settings.MaxDimension, settings.MergeDimensions);
        this.elements = this.Partition.Elements;
        this.exponent = !double.IsNaN(settings.Exponent) ? settings.Exponent
            : settings.Statistic == KroneckerStatistic.KullbackLeibler ? 0.5
            : 1.0 / (2 * this.Partition.Dimensions.Count);
        if (settings.Root == RootMethod.CoupledNewton)
            CoupledNewton.RootOf(this.exponent);
        if (settings.Statistic == KroneckerStatistic.KullbackLeibler && this.exponent != 0.5)
            throw new ArgumentException($"The exponent of the Kullback-Leibler statistic is 1/2 (its factors are whitened with the same roots), not {this.exponent:R}.", nameof(settings));
        this.blocks = this.elements == 0 ? [] : [.. this.Partition.Blocks.Select(place =>
            new KroneckerBlock(this.Partition, place, this.dtype, device, settings.StalenessTolerance > 0, settings.Asynchronous))];
        this.background = settings.Asynchronous ? new BackgroundRoots(this.blocks.Length) : null;
    }

    /// <summary>How the parameter is divided.</summary>
    public BlockPartition Partition { get; }

    /// <summary>Whether <see cref="Apply"/> preconditions: from the step <see cref="KroneckerSettings.StartAt"/> on.</summary>
    public bool IsActive => this.lastRefresh > 0;

    /// <summary>The step of the last refresh of the roots; 0 before the first.</summary>
    public long LastRefresh => this.lastRefresh;

    /// <summary>What decomposes matrices; tests make it fail.</summary>
    internal Eigensolver Eigensolver { get; set; } = InverseRoot.LinalgEigh;

    /// <summary>Adds a gradient to the factors and refreshes the roots when it is time.</summary>
    /// <param name="gradient">The gradient, in the parameter's shape; not changed.</param>
    /// <param name="step">t, counted from 1.</param>
    /// <param name="beta">β in [0, 1) of <see cref="Accumulation.Ema"/>; not read by <see cref="Accumulation.Sum"/>.</param>
    /// <param name="epsilon">ε, in [0, ∞).</param>
    /// <param name="updateEvery">f, at least 1: the roots are refreshed at steps 1, 1 + f, 1 + 2f, ..., but not before the first step that is preconditioned.</param>
    /// <exception cref="PreconditionerException">The statistics are not finite, or the fourth refresh in a row failed. The state is as before.</exception>
    public void Update(Tensor gradient, long step, double beta, double epsilon, int updateEvery)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(updateEvery, 1);
        if (this.elements == 0)
            return;
        using var noGradient = no_grad();
        var g = Arguments.Read(gradient, this.elements, this.dtype, this.device, this.name);
        if (!Arguments.HasFiniteSquares(g, this.elements))
            throw this.NotFinite(g);

        var (decay, weight, correction) = this.settings.Accumulation == Accumulation.Sum ? (1, 1, 1) : (beta, 1 - beta, 1 - Math.Pow(beta, step));
        var refreshes = step >= this.settings.StartAt && (this.lastRefresh == 0 || (step - 1) % updateEvery == 0);
        if (!refreshes)
        {
            foreach (var block in this.blocks)
                block.Accumulate(g, this.settings.Statistic, decay, weight);
            return;
        }

        var before = this.blocks.SelectMany(static block => block.Factors).Select(static factor => factor.clone().DetachFromDisposeScope()).ToArray();
        try
        {
            foreach (var block in this.blocks)
                block.Accumulate(g, this.settings.Statistic, decay, weight);
            this.RefreshRoots(new RootRequest(this.exponent, epsilon, 1 / correction, this.settings.Root, this.settings.StalenessTolerance, this.lastRefresh == 0, this.Eigensolver));
            this.lastRefresh = step;
        }
        catch
        {
            foreach (var (factor, old) in this.blocks.SelectMany(static block => block.Factors).Zip(before))
                factor.copy_(old);
            throw;
        }
        finally
        {
            foreach (var factor in before)
                factor.Dispose();
        }
    }

    /// <summary>Writes <c>u ×ₖ R_k</c>; before the first preconditioned step, u itself.</summary>
    /// <param name="input">u, in the parameter's shape.</param>
    /// <param name="output">Where the result goes; in the parameter's shape. May be <paramref name="input"/>.</param>
    public void Apply(Tensor input, Tensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (this.elements == 0)
            return;
        using var noGradient = no_grad();
        var inPlace = input.Handle == output.Handle;
        if (!this.IsActive)
        {
            if (!inPlace)
                output.copy_(input);
            return;
        }

        var u = Arguments.Read(input, this.elements, this.dtype, this.device, this.name, copy: inPlace);
        var result = Arguments.Target(output, this.elements, this.dtype, this.device, this.name);
        foreach (var block in this.blocks)
            block.Apply(u, result);
        Arguments.Deliver(result, output);
    }

    /// <summary>
    /// Gives each block of an update the length of another update's block: <c>u_b ← u_b · ‖d_b‖ / (‖u_b‖ + 1e-30)</c>. A
    /// parameter of one block is left as it is: the norms of the whole do the same.
    /// </summary>
    /// <param name="direction">u, in the parameter's shape; changed in place.</param>
    /// <param name="length">d, in the parameter's shape.</param>
    public void TransferNorms(Tensor direction, Tensor length)
    {
        if (this.Partition.Blocks.Count > 1)
            NormTransfer.Apply(this.Partition, direction, length);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Tensors
    {
        get
        {
            this.background?.Settle(this.blocks);
            var tensors = new List<(string, Tensor)>();
            for (var i = 0; i < this.blocks.Length; i++)
            {
                var prefix = this.Prefix(i);
                Add("factor", this.blocks[i].Factors);
                Add("root", this.blocks[i].Roots);
                Add("basis", this.blocks[i].Bases);
                Add("next_root", this.blocks[i].NextRoots);
                Add("next_basis", this.blocks[i].NextBases);

                void Add(string kind, Tensor[]? values)
                {
                    for (var k = 0; k < values?.Length; k++)
                        tensors.Add(($"{prefix}{kind}_{k}", values[k]));
                }
            }

            return tensors;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long Value)> Counters
    {
        get
        {
            this.background?.Settle(this.blocks);
            var counters = new List<(string, long)> { ("last_refresh", this.lastRefresh) };
            for (var i = 0; i < this.blocks.Length; i++)
                counters.Add(($"{this.Prefix(i)}failures", this.blocks[i].Failures));
            for (var i = 0; i < this.background?.Outcomes.Count; i++)
                counters.Add(($"{this.Prefix(i)}next", this.background.Outcomes[i]));
            return counters;
        }
    }

    /// <inheritdoc/>
    public void SetCounters(ReadOnlySpan<long> values)
    {
        var count = this.blocks.Length;
        var expected = 1 + (this.background is null ? count : 2 * count);
        if (values.Length != expected)
            throw new ArgumentException($"{this.name}: expected {expected} counters, got {values.Length}.", nameof(values));
        this.lastRefresh = values[0];
        for (var i = 0; i < count; i++)
            this.blocks[i].Failures = (int)values[1 + i];
        this.background?.SetOutcomes(values[(1 + count)..]);
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer) => MatrixStateFile.Write(writer, this);

    /// <inheritdoc/>
    public void Load(BinaryReader reader) => MatrixStateFile.ReadInto(reader, this, this.name);

    /// <inheritdoc/>
    public void CopyFrom(IMatrixState other) => MatrixStateFile.Copy(other, this, this.name);

    /// <inheritdoc/>
    public bool ApproximatelyEquals(IMatrixState other) => other is KroneckerPreconditioner && MatrixStateFile.ApproximatelyEqual(this, other);

    /// <inheritdoc/>
    public void To(Device device)
    {
        this.background?.Settle(this.blocks);
        foreach (var block in this.blocks)
            block.To(device);
        this.device = device;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        this.background?.Dispose();
        foreach (var block in this.blocks)
            block.Dispose();
    }

    private string Prefix(int block) => this.blocks.Length == 1 ? "" : $"block_{block}.";

    private void RefreshRoots(RootRequest request)
    {
        foreach (var block in this.blocks)
        {
            if (!block.Factors.All(Arguments.HasFiniteDiagonal))
                throw new PreconditionerException(this.name, block.Place.ToString(), $"a factor has NaN or infinite entries at the refresh of its roots. Its gradients were too large for {this.dtype}: lower the learning rate or clip the gradient.");
        }

        // The first roots are computed here and now: there is nothing to go on with until others are ready.
        if (this.background is null || request.First)
        {
            var refreshes = this.blocks.Select(block => RootRefresh.Compute(block.Factors, block.Bases, request)).ToArray();
            try
            {
                this.TakeOver(refreshes);
            }
            finally
            {
                foreach (var refresh in refreshes)
                    refresh.Dispose();
            }
        }
        else
        {
            this.TakeOver(this.background.Take(this.blocks));
            this.background.Start(this.blocks, request);
        }
    }

    private void TakeOver(RootRefresh?[] refreshes)
    {
        foreach (var (block, refresh) in this.blocks.Zip(refreshes))
        {
            if (refresh?.Failure is { } failure && block.Failures >= MaxFailures)
                throw new PreconditionerException(this.name, block.Place.ToString(), $"the inverse roots of its factors could not be computed at {MaxFailures + 1} refreshes in a row. Raise epsilon, or lower the learning rate. The last failure: {failure.Message}", failure);
        }

        foreach (var (block, refresh) in this.blocks.Zip(refreshes))
        {
            if (refresh is null)
                continue;
            if (refresh.Failure is null)
            {
                block.TakeOver(refresh);
                block.Failures = 0;
            }
            else if (++block.Failures == 1)
            {
                MatrixWarnings.Raise($"Parameter '{this.name}', block {block.Place}: the inverse roots of its factors could not be computed, the old ones are kept. {refresh.Failure.Message}");
            }
        }
    }

    private PreconditionerException NotFinite(Tensor gradient)
    {
        var block = this.blocks.FirstOrDefault(block => !block.HasFiniteSquares(gradient)) ?? this.blocks[0];
        return new PreconditionerException(this.name, block.Place.ToString(), $"the gradient has NaN or infinite entries, or entries whose squares are too large for {this.dtype}; its factors would not be finite.");
    }
}
