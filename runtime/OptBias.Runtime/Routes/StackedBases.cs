using OptBias.Kernels;
using OptBias.LinearAlgebra;
using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Routes;

/// <summary>What Kronecker bases of matrices have to do on a device, with one call for all matrices of one shape.</summary>
internal static class StackedBases
{
    /// <summary>Carries out rotations.</summary>
    public static void Rotate(IReadOnlyList<Rotation> rotations)
    {
        foreach (var kind in rotations.GroupBy(static r => (From: StackKind.Of(r.Basis, r.Input), To: StackKind.Of(r.Basis, r.Output), r.Transpose)))
        {
            foreach (var part in kind.Chunk(kind.Key.From.Most))
            {
                using var scope = NewDisposeScope();
                var (rows, columns) = part[0].Basis.Size;
                var x = stack([.. part.Select(r => r.Input.reshape(rows, columns))]).to(part[0].Basis.DType);
                if (BasesOf(part.Select(static r => r.Basis), 0) is { } left)
                    x = (kind.Key.Transpose ? left : left.mT).bmm(x);
                if (BasesOf(part.Select(static r => r.Basis), 1) is { } right)
                    x = x.bmm(kind.Key.Transpose ? right.mT : right);
                TensorLists.Copy(Array.ConvertAll(part, static r => r.Output), [.. part.Zip(x.unbind(0), static (r, result) => result.view(r.Output.shape))]);
            }
        }
    }

    /// <summary>Adds gradients to the factors, and refreshes the bases whose time it is.</summary>
    public static void Follow(IReadOnlyList<BasisUpdate> updates)
    {
        foreach (var kind in updates.GroupBy(static u => (Kind: StackKind.Of(u.Basis, u.Gradient), u.Decay, u.Weight)))
        {
            foreach (var part in kind.Chunk(kind.Key.Kind.Most))
                Accumulate(part);
        }

        var refreshes = updates.Where(static u => u.Refreshes).Select(static u => new Refresh(u)).ToArray();
        if (refreshes.Length > 0)
            RefreshAll(refreshes);
    }

    private static void Accumulate(BasisUpdate[] part)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = part[0].Basis.Size;
        var g = stack([.. part.Select(u => u.Gradient.reshape(rows, columns))]).to(part[0].Basis.DType);
        for (var k = 0; k < 2; k++)
        {
            if (part[0].Basis.Factors[k] is null)
                continue;
            var own = Array.ConvertAll(part, u => u.Basis.Factors[k]!);
            var factors = stack(own).Times_(part[0].Decay).Plus_(k == 0 ? g.bmm(g.mT) : g.mT.bmm(g), part[0].Weight);
            TensorLists.Copy(own, factors.unbind(0));
        }
    }

    private static void RefreshAll(Refresh[] refreshes)
    {
        using var scope = NewDisposeScope();
        var checks = new Checks();
        var jobs =
            from refresh in refreshes
            from k in new[] { 0, 1 }
            let factor = refresh.Update.Basis.Factors[k]
            where factor is not null
            group (Refresh: refresh, Factor: factor, K: k) by (Size: factor.shape[0], factor.dtype, factor.device_type, factor.device_index, refresh.Update.Basis.Refresh);
        foreach (var group in jobs)
        {
            foreach (var part in group.Chunk(StackKind.MostOf(group.Key.Size, group.Key.Size)))
            {
                try
                {
                    var factors = stack([.. part.Select(static job => job.Factor)]);
                    var next = Orthonormal.Iterate(factors, stack([.. part.Select(static job => job.Refresh.Update.Basis.Bases[job.K]!)]), out var orders);
                    if (group.Key.Refresh == BasisRefresh.Eigen)
                        next = Orthonormal.Eigenvectors(factors, InverseRoot.LinalgEigh);
                    foreach (var (job, (basis, order)) in part.Zip(next.unbind(0).Zip(orders.unbind(0))))
                        (job.Refresh.Next[job.K], job.Refresh.Orders[job.K]) = (basis, order);
                    checks.SumsOfStack(next, part, static (part, sums) =>
                    {
                        for (var i = 0; i < part.Length; i++)
                            part[i].Refresh.Failed |= !double.IsFinite(sums[i]);
                    });
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    foreach (var job in part)
                        job.Refresh.Failed = true;
                }
            }
        }

        checks.Complete();
        foreach (var refresh in refreshes)
        {
            // By itself it fails again, and says why.
            if (refresh.Failed)
                refresh.Update.Basis.RefreshAlone(refresh.Update.SecondMoments);
            else
                refresh.Update.Basis.TakeOver(refresh.Next, refresh.Orders, refresh.Update.SecondMoments);
        }
    }

    private static Tensor? BasesOf(IEnumerable<KroneckerBasis> owners, int k) =>
        owners.First().Bases[k] is null ? null : stack([.. owners.Select(owner => owner.Bases[k]!)]);

    /// <summary>A basis to refresh, and what has been computed for it.</summary>
    private sealed class Refresh(BasisUpdate update)
    {
        public BasisUpdate Update { get; } = update;

        public Tensor?[] Next { get; } = new Tensor?[2];

        public Tensor?[] Orders { get; } = new Tensor?[2];

        public bool Failed { get; set; }
    }
}
