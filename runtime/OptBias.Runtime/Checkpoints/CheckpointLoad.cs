using System.Globalization;
using OptBias.Kernels;
using OptBias.LinearAlgebra;
using OptBias.Native;
using static TorchSharp.torch;

namespace OptBias;

/// <summary>Compares what was saved with an optimizer, and takes it. Everything is compared before anything is taken.</summary>
/// <param name="allow">The differences that are reported and not refused.</param>
internal sealed class CheckpointLoad(CheckpointDifferences allow)
{
    /// <summary>More steps than this are no count; one more can always be taken.</summary>
    public const long MostSteps = 1L << 53;

    private readonly List<string> refused = [];
    private readonly List<string> allowed = [];
    private readonly List<string> taken = [];
    private readonly List<string> added = [];
    private readonly List<string> dropped = [];
    private readonly List<Action> actions = [];
    private CheckpointDifferences missing;
    private (string There, string Here)? classes;

    /// <summary>What refuses the load, one sentence each.</summary>
    public IReadOnlyList<string> Refused => this.refused;

    /// <summary>What the user can do about it; empty for nothing.</summary>
    public string Advice => this.missing == CheckpointDifferences.None
        ? ""
        : $"What has equal names and shapes can be loaded with allow: {string.Join(" | ", Enum.GetValues<CheckpointDifferences>().Where(flag => flag != 0 && this.missing.HasFlag(flag)).Select(static flag => $"CheckpointDifferences.{flag}"))}; the report then says what was taken.";

    /// <summary>Compares all of an optimizer.</summary>
    /// <param name="saved">What was saved.</param>
    /// <param name="name">The class's full name.</param>
    /// <param name="fingerprint">What its steps do.</param>
    /// <param name="groups">Its groups.</param>
    /// <param name="states">Its parameters in the order of the groups, each with its group.</param>
    public void Compare(SavedOptimizer saved, string name, string fingerprint, IReadOnlyList<DeclaredOptions> groups, IReadOnlyList<(ParameterState State, int Group)> states)
    {
        this.classes = saved.Optimizer is { } known ? (OwnName(known), OwnName(name)) : null;
        if (saved.Optimizer is { } writer && writer != name)
            this.Differ(CheckpointDifferences.Declaration, $"optimizer: {writer} was saved, this is {name}");
        if (saved.Fingerprint is { } program && program != fingerprint)
            this.Differ(CheckpointDifferences.Declaration, $"declaration: the fingerprint of what was saved is {program}, that of this one {fingerprint}; their steps do different things");
        if (saved.Groups.Count != groups.Count)
            this.Differ(CheckpointDifferences.Parameters, $"parameter groups: {saved.Groups.Count} were saved, there are {groups.Count}");

        var matches = new ParameterMatch(saved.Parameters, states.Select(static s => s.State).ToList(), this.Differ).Find();
        for (var i = 0; i < states.Count; i++)
        {
            if (matches[i] is { } match)
                this.Compare(match.Saved, states[i].State, states[i].Group);
            else
                this.added.Add($"{states[i].State.ParameterName}: all of its state");
        }

        var found = matches.Select(static match => match?.Index ?? -1).ToHashSet();
        for (var j = 0; j < saved.Parameters.Count; j++)
        {
            if (!found.Contains(j))
                this.dropped.Add($"{Describe(saved.Parameters[j], j)}: all of its state");
        }

        for (var g = 0; g < groups.Count; g++)
        {
            if (GroupOf(g, saved, states, matches) is { } group)
                this.Compare(group, groups[g], $"group {g}");
            else
                this.added.Add($"group {g}: all of its hyperparameters");
        }
    }

    /// <summary>Compares the hyperparameters of a group.</summary>
    public void Compare(SavedGroup saved, DeclaredOptions options, string where)
    {
        var known = options.Hyperparameters;
        for (var i = 0; i < known.Count; i++)
        {
            var (place, h) = (i, known[i]);
            if (!saved.Hyperparameters.TryGetValue(h.Name, out var value))
            {
                this.Miss(CheckpointDifferences.Declaration, where, h.Name);
                continue;
            }

            if (this.Allows(h, value, h.Name, where))
                this.Take($"{where}: {h.Name} = {Text(value)}", () => options[place] = value);
        }

        foreach (var (name, value) in saved.Hyperparameters)
        {
            if (!known.Any(h => h.Name == name))
                this.Drop(CheckpointDifferences.Declaration, where, $"{name} = {Text(value)}");
        }

        var initial = saved.InitialLearningRate ?? (saved.Hyperparameters.TryGetValue(known[0].Name, out var rate) ? rate : options.InitialLearningRate);
        if (this.Allows(known[0], initial, "initial lr", where))
            this.actions.Add(() => options.InitialLearningRate = initial);
        if (saved.Maximize is { } maximize)
            this.actions.Add(() => options.maximize = maximize);
    }

    /// <summary>Compares the state of a parameter.</summary>
    /// <param name="saved">What was saved.</param>
    /// <param name="state">What there is.</param>
    /// <param name="group">The parameter's group; null where it does not matter.</param>
    public void Compare(SavedParameter saved, ParameterState state, int? group)
    {
        var where = state.ParameterName;
        var plan = state.Route.Plan;
        if (saved.Shape is { } shape && !shape.SequenceEqual(state.Parameter.shape))
        {
            this.Differ(CheckpointDifferences.Parameters, $"{where}: shape {Text(shape)} was saved, it has {Text(state.Parameter.shape)}");
            this.added.Add($"{where}: all of its state");
            this.dropped.Add($"{where} of shape {Text(shape)}: all of its state");
            return;
        }

        if (saved.Type is { } type && type != state.Parameter.dtype)
            this.Differ(CheckpointDifferences.Parameters, $"{where}: {type} was saved, it is {state.Parameter.dtype}");
        if (saved.Group is { } from && group is { } to && from != to)
            this.Differ(CheckpointDifferences.Parameters, $"{where}: it was in group {from}, it is in group {to}");
        if (saved.Rule is { } rule && rule != plan.Name && (rule, plan.Name) != this.classes)
            this.Differ(CheckpointDifferences.Declaration, $"{where}: it followed {rule}, it follows {plan.Name}");
        if (saved.Step is < 0 or > MostSteps)
            this.refused.Add($"{where}: its step count is {saved.Step}, which is not in [0, {MostSteps}]");

        this.Take($"{where}: step = {saved.Step}", () => state.Step = saved.Step);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var slots = plan.Matrices.Select((slot, k) => this.Compare(saved, state, slot.Name, state.Matrix(k), used)).ToList();
        var coordinates = SavedState.CoordinatesOf(plan);
        foreach (var (name, tensor) in state.OwnTensors)
        {
            if (!saved.Tensors.TryGetValue(name, out var value))
            {
                // PyTorch has no master weights; they begin as the parameter is.
                if (name != ParameterState.MasterName || saved.Rule is not null)
                    this.Miss(CheckpointDifferences.Declaration, where, name);
                if (name == ParameterState.MasterName)
                    this.actions.Add(() => tensor.copy_(state.Parameter));
                continue;
            }

            var here = coordinates.GetValueOrDefault(name);
            var there = saved.Coordinates is null ? here : saved.Coordinates.GetValueOrDefault(name);
            if (here != there)
            {
                this.Differ(CheckpointDifferences.Declaration, $"{where}: {name} was saved in the coordinates of {there ?? "the parameter"}, it is in those of {here ?? "the parameter"}");
                this.Replace(where, name);
            }
            else if (here is not null && !slots[plan.Matrices.ToList().FindIndex(slot => slot.Name == here)])
            {
                // Without the basis to which it belongs it means nothing.
                this.Replace(where, name);
            }
            else if (this.Fits(name, value, tensor, where))
            {
                this.Take($"{where}: {name}", () => value.CopyTo(tensor));
            }
            else
            {
                this.Replace(where, name);
            }
        }

        foreach (var name in saved.Tensors.Keys.Concat(saved.Counters.Keys))
        {
            if (!used.Contains(name) && !state.OwnTensors.Any(own => own.Name == name))
                this.Drop(CheckpointDifferences.Declaration, where, name);
        }
    }

    /// <summary>Takes everything that fits.</summary>
    public CheckpointReport Take()
    {
        using var noGradient = AutogradOff.Enter();
        foreach (var action in this.actions)
            action();
        return new CheckpointReport { Taken = this.taken, New = this.added, Dropped = this.dropped, Differences = this.allowed };
    }

    /// <summary>Compares the state of a matrix stage, which is taken as a whole or not at all.</summary>
    private bool Compare(SavedParameter saved, ParameterState state, string slot, IMatrixState matrix, HashSet<string> used)
    {
        var where = state.ParameterName;
        var prefix = slot + ".";
        var tensors = matrix.Tensors;
        var counters = matrix.Counters;
        var names = tensors.Select(t => prefix + t.Name).ToList();
        var counterNames = counters.Select(c => prefix + c.Name).ToList();
        var savedNames = saved.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var savedCounters = saved.Counters.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        foreach (var name in savedNames.Concat(savedCounters))
            used.Add(name);

        if (!names.ToHashSet(StringComparer.Ordinal).SetEquals(savedNames) || !counterNames.ToHashSet(StringComparer.Ordinal).SetEquals(savedCounters))
        {
            this.Differ(
                CheckpointDifferences.Declaration,
                $"{where}: of {slot} ({List(savedNames.Concat(savedCounters))}) was saved, it has ({List(names.Concat(counterNames))})");
            this.added.Add($"{where}: {slot}");
            if (savedNames.Count + savedCounters.Count > 0)
                this.dropped.Add($"{where}: {slot}");
            return false;
        }

        var values = counterNames.Select(name => saved.Counters[name]).ToArray();
        if ((matrix as IChecksCounters)?.WhatIsWrong(values, saved.Step) is { } wrong)
            this.refused.Add($"{where}: {prefix}{wrong}");
        var fits = tensors.Zip(names).Select(pair => this.Fits(pair.Second, saved.Tensors[pair.Second], pair.First.Value, where)).ToList();
        if (fits.Contains(false))
        {
            this.Replace(where, slot);
            return false;
        }

        this.taken.AddRange(names.Concat(counterNames).Select(name => $"{where}: {name}"));
        this.actions.Add(() =>
        {
            foreach (var ((_, value), name) in tensors.Zip(names))
                saved.Tensors[name].CopyTo(value);
            matrix.SetCounters(values);
        });
        return true;
    }

    /// <summary>Whether a tensor can be taken: shapes must be equal, and dtypes unless the declaration or the parameters may differ.</summary>
    private bool Fits(string name, SavedTensor value, Tensor tensor, string where)
    {
        if (value.Shape is { } shape && !shape.SequenceEqual(tensor.shape))
        {
            this.Differ(CheckpointDifferences.Declaration, $"{where}: {name} was saved with shape {Text(shape)}, it has {Text(tensor.shape)}");
            return false;
        }

        if (value.Type == tensor.dtype || (value.MayBeCast && IsReal(value.Type)))
            return true;
        if (!IsReal(value.Type))
            this.refused.Add($"{where}: {name} was saved as {value.Type}, which is no floating point");
        else if (!allow.HasFlag(CheckpointDifferences.Parameters))
            this.Differ(CheckpointDifferences.Declaration, $"{where}: {name} was saved as {value.Type}, it is {tensor.dtype}");
        else
            this.allowed.Add($"{where}: {name} was saved as {value.Type}, it is {tensor.dtype}");
        return true;
    }

    private bool Allows(Hyperparameter hyperparameter, double value, string name, string where)
    {
        if (hyperparameter.Allows(value))
            return true;
        this.refused.Add($"{where}: {name} is {Text(value)}, which is not in {hyperparameter.Range}");
        return false;
    }

    private void Take(string what, Action action)
    {
        this.taken.Add(what);
        this.actions.Add(action);
    }

    private void Miss(CheckpointDifferences flag, string where, string name)
    {
        this.Differ(flag, $"{where}: {name} was not saved");
        this.added.Add($"{where}: {name}");
    }

    private void Drop(CheckpointDifferences flag, string where, string name)
    {
        this.Differ(flag, $"{where}: {name} was saved, and this declaration has no such thing");
        this.dropped.Add($"{where}: {name}");
    }

    /// <summary>Notes that what was saved under a name is dropped, and what is here begins anew.</summary>
    private void Replace(string where, string name)
    {
        this.added.Add($"{where}: {name}");
        this.dropped.Add($"{where}: {name}");
    }

    /// <summary>Notes a difference: allowed, or a reason to refuse.</summary>
    private void Differ(CheckpointDifferences flag, string sentence)
    {
        if (flag != CheckpointDifferences.None && allow.HasFlag(flag))
        {
            this.allowed.Add(sentence);
            return;
        }

        this.missing |= flag;
        this.refused.Add(sentence);
    }

    /// <summary>The saved group whose hyperparameters a group takes: that from which all of its parameters come, or the one of its number where it has none.</summary>
    private static SavedGroup? GroupOf(int number, SavedOptimizer saved, IReadOnlyList<(ParameterState State, int Group)> states, ParameterMatch.Match?[] matches)
    {
        var origins = states.Select((state, i) => (state.Group, Match: matches[i])).Where(pair => pair.Group == number && pair.Match is not null).Select(pair => pair.Match!.Value.Saved.Group ?? number).Distinct().ToList();
        var origin = origins.Count == 1 ? origins[0] : origins.Count == 0 && saved.Groups.Count > number && !states.Any(state => state.Group == number) ? number : -1;
        return origin >= 0 && origin < saved.Groups.Count ? saved.Groups[origin] : null;
    }

    /// <summary>A class's own name: a rule that is no route is called as its class is.</summary>
    private static string OwnName(string fullName) => fullName[(fullName.LastIndexOfAny(['.', '+']) + 1)..];

    private static bool IsReal(ScalarType type) => type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    private static string Describe(SavedParameter parameter, int index) => parameter.Name is { } name ? $"parameter '{name}'" : $"parameter {index}";

    private static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
