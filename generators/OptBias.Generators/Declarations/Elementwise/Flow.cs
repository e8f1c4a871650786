using Microsoft.CodeAnalysis;

namespace OptBias.Generators.Declarations;

/// <summary>
/// What is known at one point of a method: the value of every variable, and, where a return lies behind on some paths, on
/// which, with what, and what the state was then. Both sides of a branch are computed and merged by selection, so every
/// path is at one point at the same time.
/// </summary>
internal sealed class Flow
{
    private readonly Dictionary<ISymbol, int> frozen;

    public Flow(IReadOnlyList<ISymbol> outputs)
        : this(outputs, new(SymbolEqualityComparer.Default), new(SymbolEqualityComparer.Default))
    {
    }

    private Flow(IReadOnlyList<ISymbol> outputs, Dictionary<ISymbol, int> values, Dictionary<ISymbol, int> frozen)
    {
        this.Outputs = outputs;
        this.Values = values;
        this.frozen = frozen;
    }

    /// <summary>The <c>ref</c> parameters, whose values at a return count.</summary>
    public IReadOnlyList<ISymbol> Outputs { get; }

    public Dictionary<ISymbol, int> Values { get; private set; }

    /// <summary>The condition under which a return lies behind; null for never.</summary>
    public int? Returned { get; private set; }

    /// <summary>What was returned, where something was.</summary>
    public int Result { get; private set; }

    public int Output(ISymbol output) => this.frozen[output];

    public bool HasReturned(InstructionBuilder builder) => this.Returned is { } returned && builder.TruthOf(returned) == true;

    public Flow Copy() => new(this.Outputs, new(this.Values, SymbolEqualityComparer.Default), new(this.frozen, SymbolEqualityComparer.Default))
    {
        Returned = this.Returned,
        Result = this.Result,
    };

    /// <summary>Returns on all paths that have not returned yet.</summary>
    public void Return(int value, bool isCondition, InstructionBuilder builder)
    {
        var before = this.Returned;
        this.Result = before is { } c ? Choose(builder, isCondition, c, this.Result, value) : value;
        foreach (var output in this.Outputs)
        {
            var now = this.Values[output];
            this.frozen[output] = before is { } returned ? builder.Choose(returned, this.frozen[output], now) : now;
        }

        this.Returned = builder.True;
    }

    /// <summary>Goes on from two branches.</summary>
    public void Merge(int condition, Flow then, Flow otherwise, bool resultIsCondition, InstructionBuilder builder)
    {
        this.Values =
            then.HasReturned(builder) ? otherwise.Values
            : otherwise.HasReturned(builder) ? then.Values
            : MergeValues(condition, then.Values, otherwise.Values, builder);
        if (then.Returned is null && otherwise.Returned is null)
            return;

        if (then.Returned is null || otherwise.Returned is null)
        {
            var returning = then.Returned is null ? otherwise : then;
            this.Result = returning.Result;
            foreach (var output in this.Outputs)
                this.frozen[output] = returning.frozen[output];
        }
        else
        {
            this.Result = Choose(builder, resultIsCondition, condition, then.Result, otherwise.Result);
            foreach (var output in this.Outputs)
                this.frozen[output] = builder.Choose(condition, then.frozen[output], otherwise.frozen[output]);
        }

        this.Returned = builder.ChooseCondition(condition, then.Returned ?? builder.False, otherwise.Returned ?? builder.False);
    }

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
}
