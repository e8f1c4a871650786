using OptBias.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>A gradient that a preconditioner is to learn from; whether reading a number of it waits for a device, and the sum of its squares, where that is known.</summary>
internal readonly record struct KroneckerUpdate(KroneckerPreconditioner Owner, Tensor Gradient, long Step, double Decay, double Weight, double Scale, double Epsilon, bool Refreshes, bool Waits, double? Squares);

/// <summary>An update that a preconditioner is to change.</summary>
internal readonly record struct KroneckerApplication(KroneckerPreconditioner Owner, Tensor Input, Tensor Output);

/// <summary>Carries out what Kronecker preconditioners of many parameters have to do at the same point of a step.</summary>
internal static unsafe class KroneckerBatch
{
    /// <summary>Accumulates the factors, then refreshes the roots whose time it is.</summary>
    /// <exception cref="PreconditionerException">Nothing has changed then.</exception>
    public static void Update(MatrixWork work)
    {
        using var noGradient = AutogradOff.Enter();
        if (work.Updates.Exists(IsStacked))
            work.Stacks.Begin(work.Updates.FindAll(IsStacked), work.Checks);
        work.Checks.Complete();
        foreach (var update in work.Updates)
            update.Owner.RequireFiniteFactors(update);

        // Only a refresh of a block that has failed too often already can make the step fail from here on.
        var mayFail = false;
        foreach (var update in work.Updates)
            mayFail |= update.Refreshes && update.Owner.MayFail;
        var before = mayFail ? work.Updates.Select(static update => new KroneckerSnapshot(update.Owner)).ToArray() : null;
        try
        {
            Accumulate(work);
            Refresh(work);
        }
        catch when (before is not null)
        {
            foreach (var snapshot in before)
                snapshot.Restore();
            throw;
        }
        finally
        {
            foreach (var snapshot in before ?? [])
                snapshot.Dispose();
        }
    }

    /// <summary>Multiplies by the roots: all products from the right, then all from the left.</summary>
    public static void Apply(MatrixWork work)
    {
        using var noGradient = AutogradOff.Enter();
        var applications = work.Applications;
        if (applications.Exists(IsStacked))
        {
            StackedWork.Apply(applications.FindAll(IsStacked));
            applications.RemoveAll(IsStacked);
        }

        for (var start = 0; start < applications.Count;)
        {
            work.Memory.Reset();
            var end = start;
            while (end < applications.Count && work.Memory.Used <= MatrixWork.LargestBatch)
                applications[end].Owner.AddRightProducts(work, applications[end++]);
            work.Products.Run();
            work.Memory.Reset();
            for (var i = start; i < end; i++)
                applications[i].Owner.AddLeftProducts(work, applications[i]);
            work.Products.Run();
            start = end;
        }
    }

    private static bool IsStacked(KroneckerUpdate update) => update.Waits && update.Owner.IsMatrixOrVector;

    private static bool IsStacked(KroneckerApplication application) => application.Owner.IsMatrixOrVector && DeviceReads.Waits(application.Input);

    private static void Accumulate(MatrixWork work)
    {
        work.Stacks.Accumulate();
        foreach (var update in work.Updates)
        {
            if (IsStacked(update))
                continue;
            update.Owner.AddStatistics(work, update);
            if (work.Memory.Used > MatrixWork.LargestBatch)
                Flush(work);
        }

        Flush(work);
    }

    private static void Flush(MatrixWork work)
    {
        work.Products.Run();
        work.Memory.Reset();
    }

    private static void Refresh(MatrixWork work)
    {
        foreach (var update in work.Updates)
        {
            if (update.Refreshes)
                update.Owner.RequireFiniteWhitened(work.Checks);
        }

        work.Checks.Complete();
        foreach (var update in work.Updates)
        {
            if (update.Refreshes)
                update.Owner.AddRoots(work, update);
        }

        work.Roots.Run();
        work.Stacks.RunRoots(work.Checks);
        work.Checks.Complete();
        foreach (var update in work.Updates)
        {
            if (update.Refreshes)
                update.Owner.FinishRefresh(work.Roots, update);
        }
    }
}
