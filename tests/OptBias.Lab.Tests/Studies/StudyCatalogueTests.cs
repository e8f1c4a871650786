using OptBias.Lab.Models;
using OptBias.Lab.Studies;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Studies;

public sealed class StudyCatalogueTests
{
    public static TheoryData<string, string> StudiesAndPresets
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var study in StudyCatalogue.All)
            {
                foreach (var preset in study.Presets)
                    data.Add(study.Name, preset.Name);
            }

            return data;
        }
    }

    [Fact]
    public void Every_study_says_what_tells_it_from_the_others() =>
        Assert.Equal(StudyCatalogue.All.Count, StudyCatalogue.All.Select(study => study.Summary).Distinct(StringComparer.OrdinalIgnoreCase).Count(summary => summary.Length is > 10 and < 110));

    [Theory]
    [MemberData(nameof(StudiesAndPresets))]
    public void Every_preset_of_every_study_names_methods_that_exist(string study, string preset) => Assert.NotEmpty(Plan(study, preset).Methods);

    [Theory]
    [MemberData(nameof(StudiesAndPresets))]
    public void Tuning_has_seeds_that_the_results_do_not_use(string study, string preset)
    {
        var plan = Plan(study, preset);
        Assert.Empty(plan.TuningSeeds.Intersect(plan.ResultSeeds));
        if (preset == "quick")
            return;
        Assert.True(plan.TuningSeeds.Count >= 3);
        Assert.True(plan.Seeds >= 5);
        Assert.All(plan.Methods, m => Assert.Equal(12, plan.Rates(m).Count));
    }

    [Fact]
    public void Grids_of_other_networks_reach_further_up_than_an_MLPs()
    {
        var mlp = Plan("class-incremental", "standard").Rates(Methods.Find("AdamW", DeclaredOptimizers.Default));
        var plan = Plan("class-incremental", "standard", ModelKind.Cnn);
        var cnn = plan.Rates(plan.Methods.Single(m => m.Name == "AdamW"));
        Assert.Equal((3e-5, 3e-3), (mlp[0], mlp[^1]));
        Assert.Equal((3e-5, 9e-3), (cnn[0], cnn[^1]));
    }

    private static StudyPlan Plan(string study, string preset, ModelKind? kind = null) => StudyPlan.Of(
        StudyCatalogue.All.Single(s => s.Name == study), DeclaredOptimizers.Default, preset, null, kind is null ? null : ModelSpecification.Of(kind), null);
}
