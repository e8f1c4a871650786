using OptBias.Kernels;
using OptBias.LinearAlgebra;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>
/// Vectors and matrices on a device, with one call for all of one shape: there a call costs more than the product of small matrices.
/// </summary>
internal sealed class DeviceMatrices : IMatrixRoute
{
    private readonly List<FactorUpdate> accumulations = [];
    private readonly List<(KroneckerBlock Block, int Dimension, RootRequest Request)> roots = [];
    private readonly List<Multiplication> multiplications = [];
    private readonly List<Rotation> rotations = [];
    private readonly List<Orthogonalization> orthogonalizations = [];
    private readonly List<BasisUpdate> updates = [];

    /// <inheritdoc/>
    public bool Accumulate(in FactorUpdate item)
    {
        if (!item.Blocks[0].IsMatrixOrVector)
            return false;
        this.accumulations.Add(item);
        return true;
    }

    /// <inheritdoc/>
    public bool Decompose(KroneckerBlock block, in RootRequest request)
    {
        if (request.Method != RootMethod.Eigen || block.Bases is not null)
            return false;
        for (var k = 0; k < block.Factors.Length; k++)
            this.roots.Add((block, k, request));
        return true;
    }

    /// <inheritdoc/>
    public bool Multiply(in Multiplication item)
    {
        if (!item.Blocks[0].IsMatrixOrVector)
            return false;
        this.multiplications.Add(item);
        return true;
    }

    /// <inheritdoc/>
    public bool Rotate(in Rotation item)
    {
        if (item.Basis.Lengths.Count != 2)
            return false;
        this.rotations.Add(item);
        return true;
    }

    /// <inheritdoc/>
    public bool Follow(in BasisUpdate item)
    {
        if (!item.IsStackable)
            return false;
        this.updates.Add(item);
        return true;
    }

    /// <inheritdoc/>
    public bool Orthogonalize(in Orthogonalization item)
    {
        this.orthogonalizations.Add(item);
        return true;
    }

    /// <inheritdoc/>
    public void Run(MatrixRoutes routes)
    {
        using var noGradient = AutogradOff.Enter();
        if (this.accumulations.Count > 0)
            this.RunAccumulations();
        if (this.roots.Count > 0)
            this.RunRoots(routes);
        if (this.multiplications.Count > 0)
            this.RunMultiplications();
        if (this.rotations.Count > 0)
            StackedBases.Rotate(this.rotations);
        if (this.updates.Count > 0)
            StackedBases.Follow(this.updates);
        if (this.orthogonalizations.Count > 0)
            this.RunOrthogonalizations();
        this.Clear();
    }

    /// <inheritdoc/>
    public void Clear()
    {
        this.accumulations.Clear();
        this.roots.Clear();
        this.multiplications.Clear();
        this.rotations.Clear();
        this.updates.Clear();
        this.orthogonalizations.Clear();
    }

    public void Dispose()
    {
    }

    private void RunAccumulations()
    {
        using var outer = NewDisposeScope();
        var members = new List<(KroneckerBlock Block, Tensor Gradient, KroneckerStatistic Statistic, double Decay, double Weight)>();
        foreach (var item in this.accumulations)
        {
            var gradient = item.Gradient.contiguous();
            foreach (var block in item.Blocks)
                members.Add((block, gradient, item.Statistic, item.Decay, item.Weight));
        }

        foreach (var kind in members.GroupBy(static g => (Shape: StackKind.Of(g.Block, g.Gradient), g.Statistic, g.Decay, g.Weight)))
        {
            foreach (var part in kind.Chunk(kind.Key.Shape.Most))
            {
                using var scope = NewDisposeScope();
                var blocks = StackedBlocks.Of(Array.ConvertAll(part, static g => g.Block));
                var gradients = stack(part.Select(static g => g.Block.AsMatrix(g.Gradient)).ToArray()).to(ScalarType.Float64);
                Accumulate(blocks, gradients, kind.Key.Statistic, kind.Key.Decay, kind.Key.Weight);
            }
        }
    }

    private static void Accumulate(StackedBlocks blocks, Tensor gradients, KroneckerStatistic statistic, double decay, double weight)
    {
        var (factors, roots) = (blocks.Factors, blocks.Roots);
        var (left, right, leftWeight, rightWeight) = (gradients, gradients, weight, weight);
        if (statistic == KroneckerStatistic.KullbackLeibler && factors.Length == 2)
        {
            // Each side of what the other side's root has whitened, for each of the other side's entries.
            var narrow = gradients.to(roots[0].dtype);
            left = narrow.bmm(roots[1]).to(ScalarType.Float64);
            right = roots[0].bmm(narrow).to(ScalarType.Float64);
            leftWeight /= gradients.shape[2];
            rightWeight /= gradients.shape[1];
        }

        factors[0].Times_(decay).Plus_(left.bmm(left.mT), leftWeight);
        if (factors.Length == 2)
            factors[1].Times_(decay).Plus_(right.mT.bmm(right), rightWeight);
    }

    /// <summary>One decomposition for all factors of a size; blocks for which that fails are decomposed by themselves.</summary>
    private void RunRoots(MatrixRoutes routes)
    {
        var failed = new Dictionary<KroneckerBlock, RootRequest>();
        foreach (var group in this.roots.GroupBy(static job => (Size: job.Block.Lengths[job.Dimension], job.Block.Factors[0].device_type, job.Block.Factors[0].device_index, job.Request)))
        {
            foreach (var jobs in group.Chunk(StackKind.MostOf(group.Key.Size, group.Key.Size)))
            {
                if (TryRoots([.. jobs.Select(static job => (job.Block, job.Dimension))], group.Key.Request, routes.Checks))
                    continue;
                foreach (var job in jobs)
                    failed[job.Block] = group.Key.Request;
            }
        }

        foreach (var (block, request) in failed)
            routes.DecomposeAlone(block, request);
    }

    private static bool TryRoots((KroneckerBlock Block, int Dimension)[] jobs, in RootRequest request, Checks checks)
    {
        try
        {
            using var scope = NewDisposeScope();
            var factors = stack([.. jobs.Select(static job => job.Block.Factors[job.Dimension])]);
            var roots = InverseRoot.ByEigendecomposition(factors, request.Exponent, request.Epsilon, request.Scale, request.Eigensolver, out _).to(request.DType);
            foreach (var (job, root) in jobs.Zip(roots.unbind(0)))
                (job.Block.Refresh ??= RootRefresh.Empty(job.Block.Roots.Length)).Roots[job.Dimension] = root.DetachFromDisposeScope();
            checks.SumsOfStack(roots, jobs, static (jobs, sums) =>
            {
                for (var i = 0; i < jobs.Length; i++)
                    jobs[i].Block.Refresh = jobs[i].Block.Refresh!.Judged(sums.Slice(i, 1));
            });
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return false;
        }
    }

    private void RunMultiplications()
    {
        using var scope = NewDisposeScope();
        var members = new List<(KroneckerBlock Block, Tensor From, Tensor To)>();
        var copies = new List<(Tensor From, Tensor To)>();
        foreach (var (blocks, input, output) in this.multiplications)
        {
            var from = input.contiguous();
            var to = output;
            if (!output.is_contiguous())
                copies.Add((to = empty_like(from, output.dtype), output));
            foreach (var block in blocks)
                members.Add((block, from, to));
        }

        foreach (var kind in members.GroupBy(static member => (member.Block.Stack, From: StackKind.Of(member.Block, member.From), To: StackKind.Of(member.Block, member.To))))
        {
            foreach (var part in kind.Chunk(kind.Key.From.Most))
            {
                // The stack is a copy, so that a result may take the place of what it was made of.
                using var inner = NewDisposeScope();
                var blocks = Array.ConvertAll(part, static member => member.Block);
                var result = stack(part.Select(static member => member.Block.AsMatrix(member.From)).ToArray()).to(blocks[0].Roots[0].dtype);
                if (blocks[0].Lengths.Count == 2)
                    result = result.bmm(RootsOf(blocks, 1));
                result = RootsOf(blocks, 0).bmm(result);
                TensorLists.Copy(Array.ConvertAll(part, static member => member.Block.AsMatrix(member.To)), result.unbind(0));
            }
        }

        foreach (var (from, to) in copies)
            to.copy_(from);
    }

    private static Tensor RootsOf(KroneckerBlock[] blocks, int k) =>
        blocks[0].Stack is { } known && known.Holds(blocks) ? known.Roots[k] : stack([.. blocks.Select(block => block.Roots[k])]);

    private void RunOrthogonalizations()
    {
        foreach (var kind in this.orthogonalizations.GroupBy(static p => (p.Rows, p.Columns, p.Steps, p.Coefficients, p.DType, From: p.Input.dtype, To: p.Output.dtype, p.Input.device_type, p.Input.device_index)))
        {
            foreach (var part in kind.Chunk(StackKind.MostOf(kind.Key.Rows, kind.Key.Columns)))
            {
                using var scope = NewDisposeScope();
                var u = stack(part.Select(static p => p.Input.reshape(p.Rows, p.Columns)).ToArray());
                var results = Orthogonal(u, kind.Key.Steps, kind.Key.Coefficients, kind.Key.DType).unbind(0);
                TensorLists.Copy(Array.ConvertAll(part, static p => p.Output), [.. part.Zip(results, static (p, result) => result.view(p.Output.shape))]);
            }
        }
    }

    /// <summary>Orthogonalises a stack of matrices; the norms stay where they are.</summary>
    private static Tensor Orthogonal(Tensor u, int steps, NewtonSchulzCoefficients coefficients, ScalarType dtype)
    {
        var (a, b, c) = NewtonSchulz.Polynomial(coefficients);
        var isWide = u.shape[1] <= u.shape[2];

        // In float64, since squares of float32 overflow.
        var wide = u.to(ScalarType.Float64);
        var x = wide.div(wide.Squared().sum([1, 2], keepdim: true).sqrt().Plus_(NewtonSchulz.Tiny)).to(dtype);
        for (var i = 0; i < steps; i++)
        {
            // With a I in the polynomial, X needs no copy.
            using var scope = NewDisposeScope();
            using var before = x;
            var gram = isWide ? x.bmm(x.mT) : x.mT.bmm(x);
            var polynomial = gram.bmm(gram).Times_(c).Plus_(gram, b);
            polynomial.diagonal(0, 1, 2).Plus_(a);
            x = (isWide ? polynomial.bmm(x) : x.bmm(polynomial)).MoveToOuterDisposeScope();
        }

        return x;
    }
}
