using OptBias.Native;
using OptBias.Routes;
using static TorchSharp.torch;

namespace OptBias.LinearAlgebra;

/// <summary>A gradient that a preconditioner is to learn from.</summary>
/// <param name="Owner">The preconditioner.</param>
/// <param name="Gradient">The gradient, in the parameter's shape.</param>
/// <param name="Step">t, counted from 1.</param>
/// <param name="Decay">What remains of the old factors.</param>
/// <param name="Weight">Weight of the new term.</param>
/// <param name="Scale">The bias correction of the factors in the roots.</param>
/// <param name="Epsilon">ε of the roots.</param>
/// <param name="Refreshes">Whether the roots are then refreshed.</param>
internal readonly record struct KroneckerUpdate(KroneckerPreconditioner Owner, Tensor Gradient, long Step, double Decay, double Weight, double Scale, double Epsilon, bool Refreshes)
    : IMatrixProblem<KroneckerUpdate>
{
    /// <summary>Accumulates the factors, then refreshes the roots whose time it is.</summary>
    /// <exception cref="PreconditionerException">Nothing has changed then.</exception>
    public static void Solve(ReadOnlySpan<KroneckerUpdate> problems, MatrixRoutes routes)
    {
        using var noGradient = AutogradOff.Enter();
        foreach (ref readonly var update in problems)
            update.Owner.Look(update.Gradient, routes.Checks);
        routes.Checks.Complete();
        var mayFail = false;
        foreach (ref readonly var update in problems)
        {
            update.Owner.RequireFiniteFactors(update);

            // Only a refresh of a block that has failed too often already can make the step fail from here on.
            mayFail |= update.Refreshes && update.Owner.MayFail;
        }

        var before = mayFail ? problems.ToArray().Select(static update => new MatrixSnapshot(update.Owner)).ToArray() : [];
        try
        {
            foreach (ref readonly var update in problems)
                routes.Accumulate(update.Owner.FactorUpdateOf(update));
            routes.Run();
            Refresh(problems, routes);
        }
        catch when (mayFail)
        {
            foreach (var snapshot in before)
                snapshot.Restore();
            throw;
        }
        finally
        {
            foreach (var snapshot in before)
                snapshot.Dispose();
        }
    }

    private static void Refresh(ReadOnlySpan<KroneckerUpdate> problems, MatrixRoutes routes)
    {
        foreach (ref readonly var update in problems)
        {
            if (update.Refreshes)
                update.Owner.RequireFiniteWhitened(routes.Checks);
        }

        routes.Checks.Complete();
        foreach (ref readonly var update in problems)
        {
            if (update.Refreshes)
                update.Owner.BeginRefresh(update, routes);
        }

        routes.Run();
        foreach (ref readonly var update in problems)
        {
            if (update.Refreshes)
                update.Owner.EndRefresh(update);
        }
    }
}
