using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
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
/// <para>
/// Factors are gathered and roots computed in float64 whatever the parameter's dtype: the null space of a factor lies at ε,
/// far below what float32 resolves beside its largest eigenvalue. Roots are kept and applied in float64 for float64
/// parameters, in float32 for all others.
/// </para>
/// <para>Sources: Gupta, Koren and Singer 2018 (arXiv 1802.09568); Anil et al. 2020 (arXiv 2002.09018); KL-Shampoo: arXiv 2509.03378.</para>
/// </remarks>
public sealed partial class KroneckerPreconditioner : IMatrixState, IChecksGradient, IMayFail, IChecksCounters
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
        using var noGradient = AutogradOff.Enter();
        this.settings = settings.Validated();
        this.name = parameterName;
        this.dtype = StateStorage.ArithmeticTypeOf(dtype);
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
    public bool IsActive => this.LastRefresh > 0;

    /// <summary>The step of the last refresh of the roots; 0 before the first.</summary>
    public long LastRefresh { get; internal set; }

    /// <summary>The blocks.</summary>
    internal IReadOnlyList<KroneckerBlock> Blocks => this.blocks;

    /// <summary>What decomposes matrices; tests make it fail.</summary>
    internal Eigensolver Eigensolver { get; set; } = InverseRoot.LinalgEigh;

    /// <summary>Adds a gradient to the factors and refreshes the roots when it is time.</summary>
    /// <param name="gradient">The gradient, in the parameter's shape; not changed.</param>
    /// <param name="step">t, counted from 1.</param>
    /// <param name="beta">β in [0, 1) of <see cref="Accumulation.Ema"/>; not read by <see cref="Accumulation.Sum"/>.</param>
    /// <param name="epsilon">ε, in [0, ∞).</param>
    /// <param name="updateEvery">f, at least 1: the roots are refreshed at steps 1, 1 + f, 1 + 2f, ..., but not before the first step that is preconditioned.</param>
    /// <param name="work">Where it is done together with what other parameters have to do; null does it now.</param>
    /// <exception cref="PreconditionerException">The statistics are not finite, or the fourth refresh in a row failed. The state is as before.</exception>
    public void Update(Tensor gradient, long step, double beta, double epsilon, int updateEvery, MatrixWork? work = null)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(updateEvery, 1);
        if (this.elements == 0)
            return;
        Arguments.Require(gradient, this.elements, this.device, this.name);
        var (decay, weight, correction) = this.settings.Accumulation == Accumulation.Sum ? (1, 1, 1) : (beta, 1 - beta, 1 - Math.Pow(beta, step));
        var refreshes = step >= this.settings.StartAt && (this.LastRefresh == 0 || (step - 1) % updateEvery == 0);
        MatrixWork.Add(work, new KroneckerUpdate(this, gradient, step, decay, weight, 1 / correction, epsilon, refreshes));
    }

    /// <summary>Writes <c>u ×ₖ R_k</c>; before the first preconditioned step, u itself.</summary>
    /// <param name="input">u, in the parameter's shape.</param>
    /// <param name="output">Where the result goes; in the parameter's shape. May be <paramref name="input"/>.</param>
    /// <param name="work">Where it is done together with what other parameters have to do; null does it now.</param>
    public void Apply(Tensor input, Tensor output, MatrixWork? work = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (this.elements == 0)
            return;
        Arguments.Require(input, this.elements, this.device, this.name);
        Arguments.Require(output, this.elements, this.device, this.name);
        if (!this.IsActive)
        {
            if (input.Handle != output.Handle)
                output.copy_(input);
            return;
        }

        MatrixWork.Add(work, new Multiplication(this.blocks, input, output));
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
                SimdMatrices.CompleteTriangles(this.blocks[i].Factors);
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
            var counters = new List<(string, long)> { ("last_refresh", this.LastRefresh) };
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
        this.LastRefresh = values[0];
        this.rootEpsilon = double.NaN;
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

    internal FactorUpdate FactorUpdateOf(in KroneckerUpdate update) => new(this.blocks, update.Gradient, this.settings.Statistic, update.Decay, update.Weight);

    /// <summary>
    /// Whether new roots come from the background. The first ones do not: there is nothing to go on with until then. Nor do those
    /// after which a failure would refuse the step: what waits failed with the factors and the epsilon of an earlier step, and no
    /// later attempt could succeed.
    /// </summary>
    private bool TakesFromBackground => this.background is not null && this.LastRefresh > 0 && !this.HasFailedOften;

    /// <summary>Asks for new roots.</summary>
    internal void BeginRefresh(in KroneckerUpdate update, MatrixRoutes routes)
    {
        if (this.TakesFromBackground)
            return;
        foreach (var block in this.blocks)
        {
            block.Refresh?.Dispose();
            block.Refresh = null;
            routes.Decompose(block, this.Request(update));
        }
    }

    /// <summary>Takes over the roots that have been computed.</summary>
    /// <exception cref="PreconditionerException">A block failed too often in a row.</exception>
    internal void EndRefresh(in KroneckerUpdate update)
    {
        if (this.TakesFromBackground)
            this.background!.Take(this.blocks);
        else
            this.background?.Forget();
        foreach (var block in this.blocks)
            this.TakeOver(block);
        if (this.LastRefresh > 0)
            this.background?.Start(this.blocks, this.Request(update));
        this.LastRefresh = update.Step;
        this.rootEpsilon = update.Epsilon;
    }

    private RootRequest Request(in KroneckerUpdate update) =>
        new(this.exponent, update.Epsilon, update.Scale, this.settings.Root, this.settings.StalenessTolerance, this.LastRefresh == 0, this.dtype, this.Eigensolver);

    private void TakeOver(KroneckerBlock block)
    {
        if (block.Refresh is not { } refresh)
            return;
        block.Refresh = null;
        using (refresh)
        {
            if (refresh.Failure is not { } failure)
            {
                block.TakeOver(refresh);
                block.Failures = 0;
                return;
            }

            if (block.Failures >= MaxFailures)
                throw this.Problem(block, $"the inverse roots of its factors could not be computed at {MaxFailures + 1} refreshes in a row. Raise epsilon, or lower the learning rate. The last failure: {failure.Message}", failure);
            if (++block.Failures == 1)
                MatrixWarnings.Raise($"{MatrixWarnings.Subject(this.name)}, block {block.Place}: the inverse roots of its factors could not be computed, the old ones are kept. {failure.Message}");
        }
    }

    string? IChecksCounters.WhatIsWrong(ReadOnlySpan<long> values, long step)
    {
        var names = this.Counters;
        for (var i = 0; i < values.Length; i++)
        {
            var most = i == 0 ? step : i <= this.blocks.Length ? MaxFailures : BackgroundRoots.LastOutcome;
            if (CounterRange.WhatIsWrong(names[i].Name, values[i], most) is { } wrong)
                return wrong;
        }

        return null;
    }
}
