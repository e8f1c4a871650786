using OptBias.Kernels;
using OptBias.Native;
using OptBias.Routes;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// The eigenbasis of Shampoo's Kronecker factors for one parameter, as a coordinate change: <c>x' = x ×ₖ Q_kᵀ</c>, back
/// <c>x = x' ×ₖ Q_k</c>.
/// </summary>
/// <remarks>
/// <para>A step, with <c>t</c> counting only the steps for which <see cref="Prepare"/> returned true:</para>
/// <list type="number">
/// <item><see cref="Prepare"/>; if false, nothing else happens in this step: no momentum, no update, t does not count.</item>
/// <item><see cref="RotateIn"/> for the gradient and for the update so far; the stages below; <see cref="RotateOut"/> for the step.</item>
/// <item><see cref="Update(Tensor, long, double, int, ReadOnlySpan{Tensor})"/> with the same gradient and the second moments that are kept in the basis.</item>
/// </list>
/// <para>
/// A momentum above the coordinate change stays in the original coordinates and is rotated afresh each step: by linearity that
/// is SOAP's momentum, which lives in the basis and is re-rotated when the basis changes.
/// </para>
/// <para>Vectors and dimensions above <see cref="KroneckerBasisSettings.MaxDimension"/> are not rotated; if none is left, <see cref="IsIdentity"/>.</para>
/// <para>Source: Vyas et al. 2024 (arXiv 2409.11321) and the authors' implementation.</para>
/// </remarks>
public sealed partial class KroneckerBasis : IMatrixState, IChecksGradient, IMayFail, IRemembers, IChecksCounters
{
    private readonly KroneckerBasisSettings settings;
    private readonly string name;
    private readonly long[] lengths;
    private readonly long elements;
    private readonly Tensor?[] factors;
    private readonly Tensor?[] bases;
    private Device device;
    private bool ready;
    private int failures;

    /// <summary>Whether the gradient of the step that <see cref="Prepare"/> begins was looked at together with others.</summary>
    private bool isChecked;

    /// <summary>Makes the state: factors zero, bases the identity.</summary>
    /// <param name="shape">Shape of the parameter.</param>
    /// <param name="dtype">The parameter's dtype.</param>
    /// <param name="device">The parameter's device.</param>
    /// <param name="settings">What the declaration fixes.</param>
    /// <param name="parameterName">The parameter's name in error messages.</param>
    public KroneckerBasis(ReadOnlySpan<long> shape, ScalarType dtype, Device device, KroneckerBasisSettings settings, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxDimension, 1, nameof(settings.MaxDimension));
        using var noGradient = AutogradOff.Enter();
        this.settings = settings;
        this.name = parameterName;
        this.DType = StateStorage.ArithmeticTypeOf(dtype);
        this.device = device;
        this.lengths = [.. BlockPartition.Of(shape, settings.MaxDimension, settings.MergeDimensions).Dimensions];
        this.elements = this.lengths.Aggregate(1L, static (product, size) => product * size);
        this.factors = [.. this.lengths.Select(length => this.Rotates(length) ? zeros(length, length, this.DType, device).DetachFromDisposeScope() : null)];
        this.bases = [.. this.lengths.Select(length => this.Rotates(length) ? eye(length, length, this.DType, device).DetachFromDisposeScope() : null)];
        this.ready = this.IsIdentity;
    }

    /// <summary>Whether no dimension is rotated: a vector, or all dimensions too large. Then every step counts and rotations copy.</summary>
    public bool IsIdentity => this.bases.All(static basis => basis is null);

    /// <summary>The type of factors and bases: float64 for a parameter of float64, else float32.</summary>
    internal ScalarType DType { get; }

    /// <summary>The dimensions of the parameter, those of size 1 dropped.</summary>
    internal IReadOnlyList<long> Lengths => this.lengths;

    /// <summary>The factors of the dimensions that are rotated; null for the others.</summary>
    internal IReadOnlyList<Tensor?> Factors => this.factors;

    /// <summary>The bases of the dimensions that are rotated; null for the others.</summary>
    internal IReadOnlyList<Tensor?> Bases => this.bases;

    /// <summary>How the basis follows the factors.</summary>
    internal BasisRefresh Refresh => this.settings.Refresh;

    /// <summary>Rows and columns of the matrix that the parameter is.</summary>
    internal (long Rows, long Columns) Size => (this.lengths[0], this.elements / this.lengths[0]);

    /// <summary>Whether one more failed refresh is an error.</summary>
    internal bool HasFailedOften => this.failures >= KroneckerPreconditioner.MaxFailures;

    /// <summary>What decomposes matrices; tests make it fail.</summary>
    internal Eigensolver Eigensolver { get; set; } = InverseRoot.LinalgEigh;

    /// <summary>Checks the gradient; the first one makes the factors and the basis.</summary>
    /// <param name="gradient">The gradient, in the parameter's shape; not changed.</param>
    /// <param name="beta">β in [0, 1) of <see cref="Accumulation.Ema"/>; not read by <see cref="Accumulation.Sum"/>.</param>
    /// <returns>False if this gradient made the basis: there is no update in this step.</returns>
    /// <exception cref="PreconditionerException">The gradient is not finite, or the first decomposition failed. The state is as before.</exception>
    public bool Prepare(Tensor gradient, double beta)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (this.elements == 0 || this.IsIdentity)
            return true;
        using var noGradient = AutogradOff.Enter();
        this.Require(gradient);
        var known = this.isChecked;
        this.isChecked = false;
        if (!known && !double.IsFinite(Numbers.SumOfSquares(gradient, this.DType)))
            throw this.NotFinite();
        if (this.ready)
            return true;

        var (decay, weight) = this.Weights(beta);
        this.Accumulate(gradient, decay, weight);
        try
        {
            using var scope = NewDisposeScope();
            var first = this.factors.Select(factor => factor is null ? null : Orthonormal.Eigenvectors(factor, this.Eigensolver)).ToArray();
            RequireFinite(first);
            this.TakeOver(first);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            foreach (var factor in this.factors)
                factor?.zero_();
            throw this.Problem($"the first eigenbasis could not be computed. {failure.Message}", failure);
        }

        this.ready = true;
        return false;
    }

    /// <summary>Writes <c>x ×ₖ Q_kᵀ</c>: into the basis.</summary>
    /// <param name="x">A tensor of the parameter's shape.</param>
    /// <param name="output">Where the result goes; may be <paramref name="x"/>.</param>
    /// <param name="work">Where it is done together with what other parameters have to do; null does it now.</param>
    public void RotateIn(Tensor x, Tensor output, MatrixWork? work = null) => this.Rotate(x, output, transpose: false, work);

    /// <summary>Writes <c>x ×ₖ Q_k</c>: back from the basis.</summary>
    /// <param name="x">A tensor of the parameter's shape.</param>
    /// <param name="output">Where the result goes; may be <paramref name="x"/>.</param>
    /// <param name="work">Where it is done together with what other parameters have to do; null does it now.</param>
    public void RotateOut(Tensor x, Tensor output, MatrixWork? work = null) => this.Rotate(x, output, transpose: true, work);

    /// <summary>
    /// <see cref="RotateIn"/> for a momentum that is kept in the original coordinates. For float64 it also replaces the
    /// momentum m by <c>Q Qᵀ m</c>, what the SOAP reference holds, which keeps its momentum in the basis.
    /// </summary>
    /// <remarks>
    /// Bases are orthonormal to float32 accuracy, so the two differ by 1e-7 a step: nothing to a float32 run, but 2e-5 after
    /// 60 steps of a float64 trajectory.
    /// </remarks>
    /// <param name="momentum">m, of the parameter's shape.</param>
    /// <param name="output">Where <c>m ×ₖ Q_kᵀ</c> goes; not <paramref name="momentum"/> itself.</param>
    public void RotateMomentum(Tensor momentum, Tensor output)
    {
        this.RotateIn(momentum, output);
        if (this.DType == ScalarType.Float64)
            this.RotateOut(output, momentum);
    }

    /// <summary>Ends a step: adds the gradient to the factors, and every <paramref name="updateEvery"/> steps refreshes the basis.</summary>
    /// <param name="gradient">The gradient that <see cref="Prepare"/> saw.</param>
    /// <param name="step">t, counted from 1, without the step that made the basis.</param>
    /// <param name="beta">β in [0, 1) of <see cref="Accumulation.Ema"/>.</param>
    /// <param name="updateEvery">f, at least 1.</param>
    /// <param name="secondMoments">Statistics kept in the basis, of the parameter's shape, contiguous; permuted in place with it.</param>
    /// <exception cref="PreconditionerException">The fourth refresh in a row failed. Factors, basis and second moments are as before.</exception>
    public void Update(Tensor gradient, long step, double beta, int updateEvery, params ReadOnlySpan<Tensor> secondMoments) =>
        this.Update(gradient, step, beta, updateEvery, null, secondMoments);

    /// <inheritdoc cref="Update(Tensor, long, double, int, ReadOnlySpan{Tensor})"/>
    /// <param name="gradient">The gradient that <see cref="Prepare"/> saw.</param>
    /// <param name="step">t, counted from 1, without the step that made the basis.</param>
    /// <param name="beta">β in [0, 1) of <see cref="Accumulation.Ema"/>.</param>
    /// <param name="updateEvery">f, at least 1.</param>
    /// <param name="work">Where it is done together with what other parameters have to do; null does it now.</param>
    /// <param name="secondMoments">Statistics kept in the basis, of the parameter's shape, contiguous; permuted in place with it.</param>
    public void Update(Tensor gradient, long step, double beta, int updateEvery, MatrixWork? work, params ReadOnlySpan<Tensor> secondMoments)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(updateEvery, 1);
        if (this.elements == 0 || this.IsIdentity)
            return;
        this.Require(gradient);
        var (decay, weight) = this.Weights(beta);
        MatrixWork.Add(work, new BasisUpdate(this, gradient, decay, weight, step % updateEvery == 0, secondMoments.ToArray()));
    }

    /// <summary>Ends a step by itself, and not together with other parameters.</summary>
    internal void FollowAlone(in BasisUpdate update)
    {
        using var noGradient = AutogradOff.Enter();
        using var scope = update.Refreshes ? NewDisposeScope() : null;
        var before = update.Refreshes && this.HasFailedOften ? this.factors.Select(static factor => factor?.clone()).ToArray() : [];
        this.Accumulate(update.Gradient, update.Decay, update.Weight);
        if (!update.Refreshes || this.TryRefresh(update.SecondMoments) is not { } failure)
            return;
        if (!this.HasFailedOften)
        {
            this.KeepOld(failure);
            return;
        }

        for (var k = 0; k < before.Length; k++)
            this.factors[k]?.copy_(before[k]!);
        throw this.Problem($"its eigenbasis could not be refreshed {KroneckerPreconditioner.MaxFailures + 1} times in a row. Lower the learning rate. The last failure: {failure.Message}", failure);
    }

    /// <summary>Refreshes bases that could not be refreshed together with others', after the factors were accumulated.</summary>
    internal void RefreshAlone(ReadOnlySpan<Tensor> secondMoments)
    {
        if (this.TryRefresh(secondMoments) is { } failure)
            this.KeepOld(failure);
    }

    /// <summary>Takes over new bases, and brings statistics that are kept in them into their order.</summary>
    internal void TakeOver(Tensor?[] next, Tensor?[] orders, ReadOnlySpan<Tensor> secondMoments)
    {
        this.TakeOver(next);
        this.failures = 0;
        foreach (var moment in secondMoments)
            this.Permute(moment, orders);
    }

    /// <summary>A contiguous tensor of the parameter's elements as the unfolding along dimension 0.</summary>
    internal Matrix Unfold(Tensor tensor) => Matrix.Of(tensor, this.Size.Rows, this.Size.Columns);

    /// <summary>Refreshes the bases from the factors and brings the second moments into their order; what failed, if it did, and then nothing has changed.</summary>
    private Exception? TryRefresh(ReadOnlySpan<Tensor> secondMoments)
    {
        using var scope = NewDisposeScope();
        var (next, orders) = (new Tensor?[this.lengths.Length], new Tensor?[this.lengths.Length]);
        try
        {
            for (var k = 0; k < next.Length; k++)
                (next[k], orders[k]) = this.Next(k);
            RequireFinite(next);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return failure;
        }

        this.TakeOver(next, orders, secondMoments);
        return null;
    }

    private void KeepOld(Exception failure)
    {
        if (++this.failures == 1)
            MatrixWarnings.Raise($"{MatrixWarnings.Subject(this.name)}: its eigenbasis could not be refreshed, the old one is kept. {failure.Message}");
    }

    private (double Decay, double Weight) Weights(double beta) => this.settings.Accumulation == Accumulation.Sum ? (1, 1) : (beta, 1 - beta);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Tensors =>
    [
        .. Named("factor", this.factors),
        .. Named("basis", this.bases),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long Value)> Counters => [("ready", this.ready ? 1 : 0), ("failures", this.failures)];

    /// <inheritdoc/>
    public void SetCounters(ReadOnlySpan<long> values)
    {
        if (values.Length != 2)
            throw new ArgumentException($"{this.name}: expected 2 counters, got {values.Length}.", nameof(values));
        this.ready = values[0] != 0;
        this.failures = (int)values[1];
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer) => MatrixStateFile.Write(writer, this);

    /// <inheritdoc/>
    public void Load(BinaryReader reader) => MatrixStateFile.ReadInto(reader, this, this.name);

    /// <inheritdoc/>
    public void CopyFrom(IMatrixState other) => MatrixStateFile.Copy(other, this, this.name);

    /// <inheritdoc/>
    public bool ApproximatelyEquals(IMatrixState other) => other is KroneckerBasis && MatrixStateFile.ApproximatelyEqual(this, other);

    /// <inheritdoc/>
    public void To(Device device)
    {
        foreach (var tensors in (Tensor?[][])[this.factors, this.bases])
        {
            for (var k = 0; k < tensors.Length; k++)
                tensors[k] = tensors[k]?.to(device, disposeAfter: true).DetachFromDisposeScope();
        }

        this.device = device;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in this.factors.Concat(this.bases))
            tensor?.Dispose();
    }

    private static IEnumerable<(string Name, Tensor Value)> Named(string kind, Tensor?[] tensors) =>
        from pair in tensors.Select(static (tensor, k) => (Tensor: tensor, K: k)) where pair.Tensor is not null select ($"{kind}_{pair.K}", pair.Tensor);

    private bool Rotates(long length) => this.lengths.Length > 1 && length > 0 && length <= this.settings.MaxDimension;

    private void Require(Tensor argument) => Arguments.Require(argument, this.elements, this.device, this.name);

    private PreconditionerException NotFinite() =>
        this.Problem($"the gradient has NaN or infinite entries, or entries whose squares are too large for {this.DType}; its factors would not be finite.");

    private PreconditionerException Problem(string problem, Exception? inner = null) =>
        new(this.name, $"[{string.Join(", ", this.lengths.Select(static length => $"0:{length}"))}]", problem, inner);

    private void Accumulate(Tensor gradient, double decay, double weight)
    {
        var unfolded = this.Unfold(Arguments.Read(gradient, this.DType));
        for (var k = 0; k < this.lengths.Length; k++)
        {
            if (this.factors[k] is { } factor)
                ModeProducts.Gram(unfolded, this.lengths, k, factor, weight, decay);
        }
    }

    private void Rotate(Tensor x, Tensor output, bool transpose, MatrixWork? work)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(output);
        if (this.elements == 0)
            return;
        this.Require(x);
        this.Require(output);
        using var noGradient = AutogradOff.Enter();
        if (!this.IsIdentity)
            MatrixWork.Add(work, new Rotation(this, x, output, transpose));
        else if (x.Handle != output.Handle)
            output.copy_(x);
    }

    private (Tensor? Basis, Tensor? Order) Next(int k)
    {
        if (this.factors[k] is not { } factor)
            return (null, null);
        // What is made of a factor that is not finite is not finite either: on a device nobody waits to know it earlier.
        if (Numbers.ReadNow(factor.diagonal().sum(ScalarType.Float64)) is { } trace && !double.IsFinite(trace))
            throw new ArithmeticException($"Factor {k} has NaN or infinite entries.");
        var iterated = Orthonormal.Iterate(factor, this.bases[k]!, out var order);
        var basis = this.settings.Refresh == BasisRefresh.Qr ? iterated : Orthonormal.Eigenvectors(factor, this.Eigensolver);
        return (basis, order);
    }

    /// <summary>Refuses bases that are not finite: one read for all.</summary>
    private static void RequireFinite(Tensor?[] bases)
    {
        using var scope = NewDisposeScope();
        var rotated = bases.Select(static (basis, k) => (Basis: basis, K: k)).Where(static b => b.Basis is not null).ToList();
        var sums = Numbers.Read([.. rotated.Select(static b => b.Basis!.sum(ScalarType.Float64))]);
        if (Array.FindIndex(sums, static sum => !double.IsFinite(sum)) is >= 0 and var i)
            throw new ArithmeticException($"Basis {rotated[i].K} has entries that are not finite.");
    }

    private void TakeOver(Tensor?[] next)
    {
        for (var k = 0; k < next.Length; k++)
        {
            if (next[k] is { } basis)
                this.bases[k]!.copy_(basis);
        }
    }

    private void Permute(Tensor moment, Tensor?[] orders)
    {
        using var scope = NewDisposeScope();
        var view = moment.view(this.lengths);
        var permuted = view;
        for (var k = 0; k < orders.Length; k++)
        {
            if (orders[k] is { } order)
                permuted = permuted.index_select(k, order);
        }

        if (!ReferenceEquals(permuted, view))
            view.copy_(permuted);
    }

    string? IChecksCounters.WhatIsWrong(ReadOnlySpan<long> values, long step) =>
        CounterRange.WhatIsWrong("ready", values[0], 1) ?? CounterRange.WhatIsWrong("failures", values[1], KroneckerPreconditioner.MaxFailures);
}
