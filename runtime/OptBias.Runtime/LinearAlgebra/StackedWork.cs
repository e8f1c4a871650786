using OptBias.Kernels;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>
/// What the preconditioners of many parameters have to do on a device, with one call for all matrices of one shape: there a call
/// costs more than the product of small matrices.
/// </summary>
internal sealed class StackedWork : IDisposable
{
    private readonly List<Accumulation> accumulations = [];
    private readonly List<RootJob> roots = [];

    private readonly record struct RootJob(KroneckerPreconditioner Owner, int Block, int Dimension, RootRequest Request)
    {
        public Tensor Factor => this.Owner.Blocks[this.Block].Factors[this.Dimension];
    }

    /// <summary>Gradients of blocks of one shape.</summary>
    private sealed record Accumulation(KroneckerStatistic Statistic, double Decay, double Weight) : IDisposable
    {
        private Tensor? stacked;

        public List<(KroneckerPreconditioner Owner, int Index)> Members { get; } = [];

        /// <summary>Whether the device must be asked before a factor changes.</summary>
        public bool IsAsked { get; set; }

        /// <summary>The blocks' gradients, as matrices in the parameters' own.</summary>
        public List<Tensor> Sources { get; } = [];

        public StackedBlocks Blocks { get; private set; } = null!;

        public void Complete() => this.Blocks = StackedBlocks.Of([.. this.Members.Select(static member => member.Owner.Blocks[member.Index])]);

        /// <summary>[blocks, rows, columns] in float64, made anew unless it is kept.</summary>
        public Tensor Gradients(bool keeps)
        {
            if (this.stacked is { } known)
                return known;
            var gradients = stack(this.Sources).to(ScalarType.Float64);
            if (keeps)
                this.stacked = gradients.DetachFromDisposeScope();
            return gradients;
        }

        public void Dispose()
        {
            this.stacked?.Dispose();
            foreach (var source in this.Sources)
                source.Dispose();
        }
    }

    /// <summary>Stacks gradients, and asks for what is to be known of them before a factor changes.</summary>
    public void Begin(IReadOnlyList<KroneckerUpdate> updates, DeferredChecks checks)
    {
        this.End();
        using var scope = NewDisposeScope();
        var open = new Dictionary<(StackKind Kind, KroneckerStatistic Statistic, double Decay, double Weight), Accumulation>();
        foreach (var update in updates)
        {
            update.Owner.ForgetNumbers();
            var gradient = update.Gradient.contiguous();
            for (var i = 0; i < update.Owner.Blocks.Count; i++)
            {
                var block = update.Owner.Blocks[i];
                var kind = StackKind.Of(block, gradient);
                var key = (kind, update.Owner.Statistic, update.Decay, update.Weight);
                if (!open.TryGetValue(key, out var accumulation) || accumulation.Members.Count == kind.Most)
                    this.accumulations.Add(open[key] = accumulation = new Accumulation(update.Owner.Statistic, update.Decay, update.Weight));
                accumulation.Members.Add((update.Owner, i));
                accumulation.IsAsked |= !KroneckerPreconditioner.IsHarmless(update);
                accumulation.Sources.Add(block.AsMatrix(gradient).DetachFromDisposeScope());
            }
        }

        var kept = 0L;
        foreach (var accumulation in this.accumulations)
        {
            // What is kept until the numbers are known is bounded; the rest is stacked again.
            using var inner = NewDisposeScope();
            accumulation.Complete();
            if (!accumulation.IsAsked)
                continue;
            var bytes = accumulation.Sources.Count * accumulation.Sources[0].NumberOfElements * sizeof(double);
            var gradients = accumulation.Gradients(keeps: kept + bytes <= StackKind.LargestStack);
            kept += bytes;
            checks.Add(numbers => Judge(accumulation, numbers), gradients.Squared().sum([1, 2]), accumulation.Blocks.Factors[0].diagonal(0, 1, 2).sum(-1));
        }
    }

    /// <summary>Adds the gradients to the factors.</summary>
    public void Accumulate()
    {
        foreach (var accumulation in this.accumulations)
        {
            using var scope = NewDisposeScope();
            var (factors, roots) = (accumulation.Blocks.Factors, accumulation.Blocks.Roots);
            var gradients = accumulation.Gradients(keeps: false);
            var (left, right, leftWeight, rightWeight) = (gradients, gradients, accumulation.Weight, accumulation.Weight);
            if (accumulation.Statistic == KroneckerStatistic.KullbackLeibler && factors.Length == 2)
            {
                // Each side of what the other side's root has whitened, for each of the other side's entries.
                var narrow = gradients.to(roots[0].dtype);
                left = narrow.bmm(roots[1]).to(ScalarType.Float64);
                right = roots[0].bmm(narrow).to(ScalarType.Float64);
                leftWeight /= gradients.shape[2];
                rightWeight /= gradients.shape[1];
            }

            factors[0].Times_(accumulation.Decay).Plus_(left.bmm(left.mT), leftWeight);
            if (factors.Length == 2)
                factors[1].Times_(accumulation.Decay).Plus_(right.mT.bmm(right), rightWeight);
        }

        this.EndAccumulations();
    }

    /// <summary>Asks for the roots of a preconditioner's factors.</summary>
    public void AddRoots(KroneckerPreconditioner owner, in RootRequest request)
    {
        for (var i = 0; i < owner.Blocks.Count; i++)
        {
            for (var k = 0; k < owner.Blocks[i].Factors.Length; k++)
                this.roots.Add(new RootJob(owner, i, k, request));
        }
    }

    /// <summary>Computes the roots that were asked for, with one decomposition for all factors of a size; blocks for which that fails are computed by themselves.</summary>
    public void RunRoots(DeferredChecks checks)
    {
        if (this.roots.Count == 0)
            return;
        var failed = new HashSet<(KroneckerPreconditioner Owner, int Block)>();
        foreach (var group in this.roots.GroupBy(static job => (Size: job.Factor.shape[0], job.Factor.device_type, job.Factor.device_index, job.Request)))
        {
            foreach (var jobs in group.Chunk(StackKind.MostOf(group.Key.Size, group.Key.Size)))
            {
                if (!TryRoots(jobs, group.Key.Request, checks))
                    failed.UnionWith(jobs.Select(static job => (job.Owner, job.Block)));
            }
        }

        foreach (var job in this.roots)
        {
            if (failed.Remove((job.Owner, job.Block)))
                job.Owner.BeginRefresh(job.Block, job.Request, checks);
        }

        this.roots.Clear();
    }

    /// <summary>Multiplies by the roots.</summary>
    public static void Apply(IReadOnlyList<KroneckerApplication> applications)
    {
        using var scope = NewDisposeScope();
        var members = new List<(KroneckerBlock Block, Tensor From, Tensor To)>();
        var copies = new List<(Tensor From, Tensor To)>();
        foreach (var (owner, input, output) in applications)
        {
            var from = input.contiguous();
            var to = output;
            if (!output.is_contiguous())
                copies.Add((to = empty_like(from, output.dtype), output));
            foreach (var block in owner.Blocks)
                members.Add((block, from, to));
        }

        foreach (var kind in members.GroupBy(static member => (member.Block.Stack, StackKind.Of(member.Block, member.From), StackKind.Of(member.Block, member.To))))
        {
            foreach (var part in kind.Chunk(kind.Key.Item2.Most))
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

    /// <summary>Newton-Schulz iterations, with one product for all matrices of a shape.</summary>
    public static void Orthogonalize(IReadOnlyList<NewtonSchulzProblem> problems)
    {
        using var noGradient = AutogradOff.Enter();
        foreach (var kind in problems.GroupBy(static p => (p.Rows, p.Columns, p.Steps, p.Coefficients, p.IsDouble, From: p.Input.dtype, To: p.Output.dtype, p.Input.device_type, p.Input.device_index)))
        {
            foreach (var part in kind.Chunk(StackKind.MostOf(kind.Key.Rows, kind.Key.Columns)))
            {
                using var scope = NewDisposeScope();
                var u = stack(part.Select(p => p.Input.reshape(p.Rows, p.Columns)).ToArray());
                var results = Orthogonal(u, kind.Key.Steps, kind.Key.Coefficients, kind.Key.IsDouble ? ScalarType.Float64 : ScalarType.Float32).unbind(0);
                TensorLists.Copy(Array.ConvertAll(part, static p => p.Output), [.. part.Zip(results, static (p, result) => result.view(p.Output.shape))]);
            }
        }
    }

    /// <summary>Forgets what is waiting.</summary>
    public void End()
    {
        this.EndAccumulations();
        this.roots.Clear();
    }

    public void Dispose() => this.End();

    private static void Judge(Accumulation accumulation, ReadOnlySpan<double> numbers)
    {
        var count = accumulation.Members.Count;
        for (var i = 0; i < count; i++)
        {
            var (owner, index) = accumulation.Members[i];
            owner.Judge(index, numbers[i], numbers[count + i]);
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

    private static Tensor RootsOf(KroneckerBlock[] blocks, int k) =>
        blocks[0].Stack is { } known && known.Holds(blocks) ? known.Roots[k] : stack([.. blocks.Select(block => block.Roots[k])]);

    private static bool TryRoots(RootJob[] jobs, RootRequest request, DeferredChecks checks)
    {
        try
        {
            using var scope = NewDisposeScope();
            var factors = stack([.. jobs.Select(static job => job.Factor)]);
            var roots = InverseRoot.ByEigendecomposition(factors, request.Exponent, request.Epsilon, request.Scale, request.Eigensolver, out _);
            var sums = roots.sum([-1, -2], type: ScalarType.Float64);
            var each = roots.unbind(0);
            for (var i = 0; i < jobs.Length; i++)
                jobs[i].Owner.Begin(jobs[i].Block, jobs[i].Dimension, each[i].DetachFromDisposeScope());
            checks.Add(numbers => Judge(jobs, numbers), sums);
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static void Judge(RootJob[] jobs, ReadOnlySpan<double> sums)
    {
        for (var i = 0; i < jobs.Length; i++)
            jobs[i].Owner.JudgeRefresh(jobs[i].Block, sums.Slice(i, 1));
    }

    private void EndAccumulations()
    {
        foreach (var accumulation in this.accumulations)
            accumulation.Dispose();
        this.accumulations.Clear();
    }
}
