using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Declarations;

/// <summary>
/// What is known at one point of a method: the value of every variable, and the returns that lie behind on some paths, each
/// with its condition, its result and the state at that moment. Both sides of a branch are computed and merged by selection, so
/// every path is at one point at the same time. A return stays a guard until the end: <c>if (c) return a; return b;</c> is then
/// what it reads like, <c>c ? a : b</c>.
/// </summary>
internal sealed class Flow
{
    private readonly bool returnsCondition;
    private readonly List<Guard> guards;
    private Guard? last;

    /// <param name="outputs">The <c>ref</c> parameters, whose values at a return count.</param>
    /// <param name="returnsCondition">Whether the method returns a yes or a no.</param>
    public Flow(IReadOnlyList<ISymbol> outputs, bool returnsCondition)
        : this(outputs, returnsCondition, new(SymbolEqualityComparer.Default), [])
    {
    }

    private Flow(IReadOnlyList<ISymbol> outputs, bool returnsCondition, Dictionary<ISymbol, int> values, List<Guard> guards)
    {
        this.Outputs = outputs;
        this.returnsCondition = returnsCondition;
        this.Values = values;
        this.guards = guards;
    }

    public IReadOnlyList<ISymbol> Outputs { get; }

    public Dictionary<ISymbol, int> Values { get; private set; }

    /// <summary>Whether a return lies behind on every path.</summary>
    public bool HasReturned => this.last is not null;

    public Flow Copy() => new(this.Outputs, this.returnsCondition, new(this.Values, SymbolEqualityComparer.Default), [.. this.guards]) { last = this.last };

    /// <summary>Returns on all paths that have not returned yet.</summary>
    public void Return(int value, InstructionBuilder builder) =>
        this.last = new Guard(builder.True, value, this.Outputs.ToDictionary(output => output, output => this.Values[output], SymbolEqualityComparer.Default));

    /// <summary>What the method returns, once it has returned on every path.</summary>
    public int Result(InstructionBuilder builder) => this.From(0, builder).Result;

    /// <summary>What a <c>ref</c> parameter is then.</summary>
    public int Output(ISymbol output, InstructionBuilder builder) => this.From(0, builder).Outputs[output];

    /// <summary>Goes on from two branches, which began as copies of this.</summary>
    public void Merge(int condition, Flow then, Flow otherwise, InstructionBuilder builder)
    {
        if (builder.TruthOf(condition) is { } truth)
        {
            this.Take(truth ? then : otherwise);
            return;
        }

        var before = this.guards.Count;
        if (then.HasReturned && otherwise.HasReturned)
        {
            var (yes, no) = (then.From(before, builder), otherwise.From(before, builder));
            this.last = this.Choose(condition, yes, no, builder);
            return;
        }

        this.Values =
            then.HasReturned ? otherwise.Values
            : otherwise.HasReturned ? then.Values
            : MergeValues(condition, then.Values, otherwise.Values, builder);

        // Behind a guard for all of one branch the other needs no condition of its own.
        if (then.HasReturned)
            this.guards.Add(then.From(before, builder) with { Condition = condition });
        if (otherwise.HasReturned)
            this.guards.Add(otherwise.From(before, builder) with { Condition = builder.Not(condition) });
        var isAlone = then.HasReturned || otherwise.HasReturned;
        if (!then.HasReturned)
            this.AddReturns(isAlone ? builder.True : condition, then, before, builder);
        if (!otherwise.HasReturned)
            this.AddReturns(isAlone ? builder.True : builder.Not(condition), otherwise, before, builder);
    }

    /// <summary>Adds what a branch returns on some of its paths.</summary>
    private void AddReturns(int condition, Flow branch, int before, InstructionBuilder builder) =>
        this.guards.AddRange(branch.guards.Skip(before).Select(guard => guard with { Condition = builder.And(condition, guard.Condition) }));

    private void Take(Flow branch)
    {
        this.Values = branch.Values;
        this.guards.Clear();
        this.guards.AddRange(branch.guards);
        this.last = branch.last;
    }

    /// <summary>The returns from one on, the first whose condition holds.</summary>
    private Guard From(int first, InstructionBuilder builder)
    {
        var result = this.last!;
        for (var k = this.guards.Count - 1; k >= first; k--)
            result = this.Choose(this.guards[k].Condition, this.guards[k], result, builder);
        return result;
    }

    private Guard Choose(int condition, Guard then, Guard otherwise, InstructionBuilder builder) => new(
        builder.True,
        Choose(builder, this.returnsCondition, condition, then.Result, otherwise.Result),
        this.Outputs.ToDictionary(output => output, output => builder.Choose(condition, then.Outputs[output], otherwise.Outputs[output]), SymbolEqualityComparer.Default));

    /// <summary>What both branches know; a variable that only one has assigned cannot be read after.</summary>
    private static Dictionary<ISymbol, int> MergeValues(int condition, Dictionary<ISymbol, int> then, Dictionary<ISymbol, int> otherwise, InstructionBuilder builder)
    {
        var merged = new Dictionary<ISymbol, int>(SymbolEqualityComparer.Default);
        foreach (var pair in then)
        {
            if (otherwise.TryGetValue(pair.Key, out var other))
                merged.Add(pair.Key, Choose(builder, IsCondition(pair.Key), condition, pair.Value, other));
        }

        return merged;
    }

    private static int Choose(InstructionBuilder builder, bool isCondition, int condition, int then, int otherwise) =>
        isCondition ? builder.ChooseCondition(condition, then, otherwise) : builder.Choose(condition, then, otherwise);

    private static bool IsCondition(ISymbol variable) => variable switch
    {
        ILocalSymbol local => local.Type.SpecialType == SpecialType.System_Boolean,
        IParameterSymbol parameter => parameter.Type.SpecialType == SpecialType.System_Boolean,
        _ => false,
    };

    /// <summary>A return that lies behind where its condition holds.</summary>
    private sealed record Guard(int Condition, int Result, IReadOnlyDictionary<ISymbol, int> Outputs);
}
