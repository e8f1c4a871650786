using OptBias.Lab.Probes;
using OptBias.Lab.Probes.Rules;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Probes;

/// <summary>What the theory says of named rules, at the stated sizes.</summary>
public sealed class ProbeBarTests
{
    private static readonly DeclaredOptimizers Optimizers = DeclaredOptimizers.With(typeof(UngraftedShampoo).Assembly);

    [Fact]
    public void Interpolation_gradient_descent_ends_at_the_smallest_L2_norm_and_the_power_law_at_the_smallest_L1_norm_and_the_truth()
    {
        var probe = Probe<InterpolationProbe>();
        var sgd = probe.Run(Rule("Sgd"));
        var power = probe.Run(Rule("PowerPropSgd"));
        Assert.InRange(sgd["interpolation.l2"], 1 - 1e-6, 1 + 1e-6);
        Assert.InRange(1 / power["interpolation.l1"], 1 - 1e-6, 1.03);
        Assert.InRange(power["interpolation.error"], 0, 0.03);
        Assert.True(sgd["interpolation.error"] > 0.5);
    }

    [Fact]
    public void Margin_gradient_descent_is_best_in_L2_and_what_sees_no_units_in_the_maximum_norm()
    {
        var probe = Probe<VectorMarginProbe>();
        var outcomes = new[] { Rule("Sgd"), Rule("SignDescent"), Variant("Adam, β2 0.95"), Variant("Adam, β2 0.95, ε 1e-8"), Rule("Muon"), Rule("Shampoo") }.Select(probe.Run).ToArray();
        var (sgd, sign, adam, epsilon) = (outcomes[0], outcomes[1], outcomes[2], outcomes[3]);
        Assert.True(sgd["margin.l2"] >= 0.93, $"{sgd["margin.l2"]}");
        Assert.All(outcomes[1..], other => Assert.True(other["margin.l2"] < sgd["margin.l2"]));
        Assert.True(sign["margin.linf"] >= 0.95 && adam["margin.linf"] >= 0.95, $"{sign["margin.linf"]} {adam["margin.linf"]}");
        Assert.InRange(epsilon["margin.linf"], sgd["margin.linf"], adam["margin.linf"]);
        Assert.InRange(epsilon["margin.l2"], adam["margin.l2"], sgd["margin.l2"]);
    }

    [Fact]
    public void Matrix_margin_each_geometry_is_best_in_the_norm_that_it_was_declared_for()
    {
        var probe = Probe<MatrixMarginProbe>();
        string[] designed = ["SpectralDescent", "FrobeniusDescent", "SignDescent", "NuclearDescent", "L1Descent", "RowDescent", "ColumnDescent"];
        var outcomes = designed.Select(name => probe.Run(Rule(name))).ToArray();
        for (var k = 0; k < designed.Length; k++)
        {
            var measure = probe.Measures[k].Name;
            Assert.True(outcomes[k][measure] >= 0.97 * outcomes.Max(o => o[measure]), $"{designed[k]}: {outcomes[k][measure]} of {outcomes.Max(o => o[measure])}");
        }
    }

    [Fact]
    public void Rules_that_run_side_by_side_have_the_numbers_that_they_have_alone()
    {
        Probe[] probes = [Probe<VectorMarginProbe>(), Probe<MatrixMarginProbe>(), Probe<MatrixRecoveryProbe>(), Probe<RareClassesProbe>()];
        ProbeRule[] rules = [Rule("Sgd"), Rule("Lion"), Rule("Adam"), Rule("SignDescent")];
        var together = ProbeSuite.Run(rules, probes);
        foreach (var probe in probes)
        {
            foreach (var rule in rules)
                Assert.Equal(probe.Run(rule).Values, together.Of(probe, rule).Values);
        }
    }

    [Fact]
    public void Matrix_margin_Muon_and_Shampoo_without_a_graft_lead_in_the_spectral_norm_and_what_sees_no_units_in_the_maximum_norm()
    {
        var probe = Probe<MatrixMarginProbe>();
        var others = new[] { "Sgd", "SgdMomentum", "Adam", "Lion", "Lamb", "RmsProp", "NuclearDescent", "RowDescent" }.Select(name => probe.Run(Rule(name))).ToArray();
        foreach (var name in new[] { "Muon", "UngraftedShampoo", "KlShampoo" })
        {
            var spectral = probe.Run(Rule(name))["margin.spectral"];
            Assert.All(others, other => Assert.True(other["margin.spectral"] < spectral, $"{other.Rule} {other["margin.spectral"]}, {name} {spectral}"));
        }

        foreach (var rule in new[] { Rule("Lion"), Variant("Adam, β2 0.95") })
        {
            var max = probe.Run(rule)["margin.max"];
            Assert.All(new[] { "Sgd", "Muon", "UngraftedShampoo", "RowDescent", "Soap" }.Select(name => probe.Run(Rule(name))), other => Assert.True(other["margin.max"] < max));
        }
    }

    [Fact]
    public void The_edge_of_stability_is_where_the_rule_s_own_steps_say()
    {
        var probe = Probe<EdgeOfStabilityProbe>();
        foreach (var name in new[] { "Sgd", "SgdMomentum", "Adam" })
            Assert.InRange(probe.Run(Rule(name))["edge.ratio"], 0.9, 1.1);
    }

    [Fact]
    public void The_largest_stable_curvature_of_Adam_with_its_moment_held_is_that_of_the_paper()
    {
        var (curvature, exponent) = OptBias.Lab.Probes.Problems.StableCurvature.OfHeldMoment(Rule("Adam"));
        Assert.Equal(38, curvature, 0.5);
        Assert.Equal(0.5, exponent, 1e-6);
        Assert.Equal(2, OptBias.Lab.Probes.Problems.StableCurvature.OfHeldMoment(Rule("RmsProp")).Curvature, 0.05);
    }

    [Theory]
    [InlineData("Sgd", 2)]
    [InlineData("SgdMomentum", 3.8)]
    [InlineData("SgdNesterov", 3.8 / 2.8)]
    public void The_largest_stable_curvature_is_that_of_the_textbook(string rule, double expected) =>
        Assert.Equal(expected, OptBias.Lab.Probes.Problems.StableCurvature.Of(Rule(rule)), 0.01 * expected);

    [Fact]
    public void Two_tasks_gradient_descent_forgets_what_the_principal_angles_say_and_stays_in_the_span()
    {
        foreach (var name in new[] { "Sgd", "SgdMomentum", "SgdNesterov" })
        {
            var outcome = Probe<TwoTasksProbe>().Run(Rule(name));
            Assert.Equal(1, outcome["two-tasks.forgetting"], 1e-6);
            Assert.Equal(1, outcome["two-tasks.in-span"], 1e-9);
        }

        Assert.True(Probe<TwoTasksProbe>().Run(Rule("Lion"))["two-tasks.in-span"] < 0.95);
    }

    [Fact]
    public void The_first_step_is_steepest_in_the_norm_that_the_declaration_says()
    {
        var probe = Probe<FirstStepProbe>();
        Assert.Equal(1, probe.Run(Rule("SgdMomentum"))["first-step.frobenius"], 1e-9);
        Assert.Equal(1, probe.Run(Rule("Adam"))["first-step.max"], 1e-9);
        Assert.Equal(1, probe.Run(Rule("Lion"))["first-step.max"], 1e-9);
        Assert.Equal(1, probe.Run(Rule("ShampooSum"))["first-step.spectral"], 1e-6);
        Assert.InRange(probe.Run(Rule("Muon"))["first-step.spectral"], 0.7, 1);
    }

    [Fact]
    public void Rare_classes_are_left_behind_by_gradient_descent_and_not_by_what_sees_no_units()
    {
        var probe = Probe<RareClassesProbe>();
        Assert.True(probe.Run(Rule("Sgd"))["rare-classes.progress"] < 0.5);
        Assert.True(probe.Run(Rule("Adam"))["rare-classes.progress"] > 0.8);
        Assert.True(probe.Run(Rule("SignDescent"))["rare-classes.progress"] > 0.8);
    }

    private static T Probe<T>()
        where T : Probe => ProbeSuite.All.OfType<T>().Single();

    private static ProbeRule Rule(string name) => LineUp.Named(Optimizers, [name])[0];

    private static ProbeRule Variant(string name) => LineUp.All(Optimizers).Single(r => r.Name == name);
}
