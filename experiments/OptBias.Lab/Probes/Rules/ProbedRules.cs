using OptBias.Lab.Commands;

namespace OptBias.Lab.Probes.Rules;

/// <summary>The rules that a command line asks for.</summary>
internal static class ProbedRules
{
    /// <summary>Chooses them: those named, or else the user's own declarations where there are any, or else the bundled ones.</summary>
    /// <exception cref="ArgumentException">An unknown name, or both <c>--quick</c> and a choice.</exception>
    public static IReadOnlyList<ProbeRule> Choose(Laboratory laboratory, IReadOnlyList<string> names, bool quick)
    {
        if (quick && (names.Count > 0 || laboratory.Own is not null))
            throw new ArgumentException("--quick chooses the optimizers; give either it or names.");
        if (names.Count > 0)
            return LineUp.Named(laboratory.Optimizers, names);
        if (laboratory.Own is { } own)
            return LineUp.Named(own, own.All.Select(o => o.Name));
        return quick ? LineUp.WellKnown(laboratory.Optimizers) : LineUp.All(laboratory.Optimizers);
    }
}
