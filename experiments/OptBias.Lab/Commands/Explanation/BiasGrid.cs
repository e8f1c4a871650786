using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OptBias.Lab.Commands.Explanation;

/// <summary>What a rule's declaration fixes of its bias: what holds, what does not and why, and what breaks it.</summary>
internal static class BiasGrid
{
    public static IRenderable Of(RuleBias rule)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string what, string answer, string property) => Line(what, answer, Notes(rule, property));
        void Line(string what, string answer, string notes) => grid.AddRow([new Text(what), new Text(answer), new Markup($"[grey]{Markup.Escape(notes)}[/]")]);

        Row("degree in the gradient", rule.HasDegree == Answer.Yes ? rule.Degree.ToString("0.######", CultureInfo.InvariantCulture) : rule.HasDegree == Answer.No ? "none" : "not known", BiasProperty.Degree);
        Row("units of elements", Seen(rule.SeesNoUnits), BiasProperty.SeesNoUnits);
        AddSymmetries("", "", rule.Symmetries);
        if (rule.Direction is { } direction)
            AddSymmetries("direction: ", "direction.", direction);
        if (rule.Length is { } length)
            AddSymmetries("length: ", "length.", length);
        Row("origin of the parameter", Seen(rule.SeesNoOrigin), BiasProperty.SeesNoOrigin);
        Row("signs of the parameter", rule.KeepsSigns == Answer.Yes ? "kept" : rule.KeepsSigns == Answer.No ? "not kept" : "not known", BiasProperty.KeepsSigns);
        Line("step", rule.Step.ToString(), "");
        if (rule.JudgedAtZero.Count > 0)
            Line("where", $"{string.Join(", ", rule.JudgedAtZero)} = 0", "");
        if (rule.LargestSide is { } side)
            Line("for matrices", string.Create(CultureInfo.InvariantCulture, $"with sides up to {side}"), "larger ones are cut into blocks, or keep their coordinates");
        return grid;

        void AddSymmetries(string title, string before, Symmetries symmetries)
        {
            foreach (var (axis, name) in new[] { (symmetries.Elements, "elements"), (symmetries.Rows, "rows"), (symmetries.Columns, "columns") })
                Row($"{title}maps of {name}", Unseen(axis.Group), before + name + Missing(axis));
        }
    }

    private static string Seen(Answer unseen) => unseen switch
    {
        Answer.Yes => "not seen",
        Answer.No => "seen",
        _ => "not known",
    };

    private static string Unseen(SymmetryGroup group) => group switch
    {
        SymmetryGroup.Rotations => "no rotation seen",
        SymmetryGroup.SignedPermutations => "no signed permutation seen",
        SymmetryGroup.Permutations => "no permutation seen",
        SymmetryGroup.SignChanges => "no change of sign seen",
        SymmetryGroup.None => "all seen",
        _ => "not known",
    };

    /// <summary>The smallest group that is seen: what there is to give a reason for; the largest, where none is.</summary>
    private static string Missing(AxisSymmetry axis) =>
        axis.OfPermutations == Answer.No ? ".permutations" : axis.OfSigns == Answer.No ? ".signs" : ".rotations";

    private static string Notes(RuleBias rule, string property)
    {
        var breaks = rule.Limits.Where(limit => limit.Property == property).Select(limit => limit.Hyperparameter).ToList();
        return string.Join("; ", new[] { rule.WhyNot(property), breaks.Count == 0 ? null : $"broken by {string.Join(" and ", breaks)}, if not 0" }.Where(note => note is not null));
    }
}
