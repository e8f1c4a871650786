using OptBias.Lab.Studies;
using OptBias.Lab.Training;

namespace OptBias.Lab.Tests.Studies;

/// <summary>A run belongs to the declaration that it was made with: an edited one never joins its runs.</summary>
public sealed class DeclarationTests
{
    [Theory]
    [InlineData("AdamW")]
    [InlineData("Shampoo-head-AdamW")]
    [InlineData("Shampoo-biases-AdamW")]
    public void An_edited_declaration_is_another_grid_and_other_runs(string method)
    {
        var study = StudyCatalogue.All[0];
        var (before, after) = (Plan(DeclaredOptimizers.Default), Plan(new Edited("AdamW", DeclaredOptimizers.Default.Find("Adam"))));
        var differences = before.Manifest(study, "data", "").DifferencesFrom(after.Manifest(study, "data", ""));
        Assert.StartsWith($"method {method}: ", Assert.Single(differences));
        Assert.Contains("declaration of AdamW", differences[0]);
        var (first, second) = (Trials(before), Trials(after));
        Assert.NotEmpty(first);
        Assert.Empty(first.Select(t => t.Key).Intersect(second.Select(t => t.Key)));
        Assert.All(first, t => Assert.Contains(t.Settings(), s => s.Key == "declaration of AdamW" && s.Value.Length > 0));

        StudyPlan Plan(IOptimizerSource source) => StudyPlan.Of(study, source, "quick", [method], null, null);
        IReadOnlyList<Trial> Trials(StudyPlan plan) => study.Stages(plan)[0].Trials([]);
    }

    [Fact]
    public void The_same_declarations_are_the_same_runs()
    {
        var study = StudyCatalogue.All[0];
        string[] Keys() => [.. study.Stages(StudyPlan.Of(study, DeclaredOptimizers.With(), "quick", null, null, null))[0].Trials([]).Select(t => t.Key)];
        Assert.Equal(Keys(), Keys());
        Assert.Equal(Keys().Length, Keys().Distinct().Count());
    }

    /// <summary>Each edit leaves equations and hyperparameters as they were.</summary>
    [Theory]
    [InlineData(nameof(Declared), nameof(DeclaredRoot))]
    [InlineData(nameof(Declared), nameof(DeclaredBlocks))]
    [InlineData(nameof(Declared), nameof(DeclaredBody))]
    [InlineData(nameof(DeclaredWhole), nameof(DeclaredHalf))]
    public void Edits_that_no_equation_shows_are_other_runs_too(string declared, string edited)
    {
        var source = DeclaredOptimizers.With(typeof(Declared).Assembly);
        string Key(IOptimizerSource from) => StudyCatalogue.All[0].Stages(StudyPlan.Of(StudyCatalogue.All[0], from, "quick", [declared], null, null))[0].Trials([])[0].Key;
        Assert.NotEqual(Key(source), Key(new Edited(declared, source.Find(edited) with { Name = declared })));
        Assert.Equal(Key(source), Key(new Edited(declared, source.Find(declared))));
    }

    /// <summary>As if somebody had edited a declaration.</summary>
    private sealed class Edited(string name, OptimizerDescriptor now) : IOptimizerSource
    {
        public IReadOnlyCollection<OptimizerDescriptor> All => DeclaredOptimizers.Default.All;

        public OptimizerDescriptor Find(string asked) => asked == name ? now : DeclaredOptimizers.Default.Find(asked);
    }
}
