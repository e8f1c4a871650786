using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Tasks;

namespace OptBias.Lab.Studies;

/// <summary>What an accuracy is worth: what a guess gives, and what a network gives that knows the last task alone.</summary>
internal static class Yardsticks
{
    /// <summary>A guess among the classes that compete.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="masked">Whether only the classes of the task itself compete.</param>
    public static double Chance(Scenario scenario, bool masked = false) => masked
        ? Enumerable.Range(0, scenario.Tasks).Average(task => 1.0 / scenario.Classes(task).Count)
        : 1.0 / Enumerable.Range(0, scenario.Tasks).SelectMany(scenario.Classes).Distinct().Count();

    /// <summary>The mean accuracy over the first tasks of a network that knows the last of them perfectly, and the others not at all.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="tasks">How many tasks were trained.</param>
    /// <param name="masked">Whether only the classes of the task itself compete.</param>
    /// <remarks>Where tasks share no classes and all compete, such a network names a class of the last task everywhere, and is never right on another.</remarks>
    public static double LastTaskAlone(Scenario scenario, int tasks, bool masked = false) =>
        (1 + ((tasks - 1) * (scenario.SplitsClasses && !masked ? 0 : Chance(scenario, masked)))) / tasks;

    /// <summary>Both as lines of a figure.</summary>
    public static IReadOnlyList<ReferenceLine> Lines(Scenario scenario, bool masked = false)
    {
        ReferenceLine guess = new(Chance(scenario, masked), false, "a guess") { IsInView = true };
        return scenario.Tasks < 2 ? [guess] : [guess, new(LastTaskAlone(scenario, scenario.Tasks, masked), false, "the last task alone") { IsInView = true }];
    }

    /// <summary>Both in a sentence, for the note of a table.</summary>
    public static string InWords(Scenario scenario) => scenario.Tasks < 2
        ? FormattableString.Invariant($"A guess has an accuracy of {Chance(scenario):0.##}.")
        : FormattableString.Invariant($"A guess has an average accuracy of {Chance(scenario):0.##}, a network that knows the last task alone one of {LastTaskAlone(scenario, scenario.Tasks):0.##}.");
}
