using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>
/// Cuts a program into passes. A value belongs to the earliest pass in which everything it needs is known; sums and matrix
/// stages are the only cuts. What a later pass needs again is read back if it was stored, and else computed anew from what
/// is still in memory: reading twice is cheaper than writing once and reading once.
/// </summary>
internal sealed class PassScheduler
{
    private readonly IReadOnlyList<Store> stores;
    private readonly List<Expression> sums = new();
    private readonly List<Expression> matrices = new();
    private readonly Dictionary<TensorSlot, int> storeLevel = new();
    private readonly Dictionary<Expression, int> sumLevel = new();
    private readonly Dictionary<Expression, TensorSlot> workspaces = new();
    private readonly Dictionary<Expression, Expression> rebased = new();
    private readonly StrengthReduction reduction = new();
    private readonly IReadOnlyList<ProgramMatrixSlot> slots;
    private readonly IReadOnlyList<TensorSlot> states;

    private PassScheduler(UpdateProgram program)
    {
        this.slots = program.MatrixSlots;
        this.states = program.States;
        this.stores = program.Stores.Select(s => s with { Value = this.reduction.Apply(s.Value) }).ToList();
        var seen = new HashSet<Expression>();
        foreach (var store in this.stores)
            this.Collect(store.Value, seen);
        foreach (var sum in this.sums)
            this.sumLevel.Add(sum, sum.Level - 1);
        foreach (var matrix in this.matrices)
            this.workspaces.Add(matrix, matrix.Matrix.InPlace ? this.workspaces[matrix.Operands[0]] : this.NewResult(matrix));
    }

    public static Schedule Schedule(UpdateProgram program)
    {
        var scheduler = new PassScheduler(program);
        scheduler.PlaceStores();
        scheduler.DelaySums();
        return scheduler.Build();
    }

    private TensorSlot NewResult(Expression matrix)
    {
        var taken = this.workspaces.Values.Distinct().Count();
        var letter = taken == 0 ? "p" : "p" + (taken + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new TensorSlot(TensorRole.Workspace, matrix.Matrix.Name + "_result", matrix.Symbol ?? Symbol.Plain(letter), matrix.Matrix.Extent);
    }

    private void Collect(Expression expression, HashSet<Expression> seen)
    {
        if (!seen.Add(expression))
            return;
        foreach (var operand in expression.Operands)
            this.Collect(operand, seen);
        if (expression.Operation == Operation.Sum)
            this.sums.Add(expression);
        if (expression.Operation == Operation.Matrix)
            this.matrices.Add(expression);
    }

    /// <summary>
    /// Finds the pass of every store: the one that knows its value, but not before the last pass that needs what it overwrites.
    /// </summary>
    private void PlaceStores()
    {
        foreach (var store in this.stores)
            this.storeLevel[store.Target] = Math.Max(store.Value.Level, this.storeLevel.TryGetValue(store.Target, out var known) ? known : 0);

        bool moved;
        do
        {
            moved = false;
            foreach (var (value, level) in this.Roots())
                moved |= this.DelayOverwrites(value, level, new HashSet<Expression>());
        }
        while (moved);
    }

    /// <summary>
    /// Where a pass would do nothing but gather sums that only a later pass needs, the next pass gathers them: one pass fewer, and
    /// what both read is read once.
    /// </summary>
    private void DelaySums()
    {
        var last = this.Roots().Max(r => r.Level);
        for (var level = 0; level < last - 1; level++)
        {
            var here = this.sums.Where(s => this.sumLevel[s] == level).ToList();
            var isFull = this.stores.Any(s => this.storeLevel[s.Target] == level) || this.matrices.Any(m => m.Operands.Any(o => o.Level == level && this.IsComputed(o)));
            if (isFull || here.Count == 0 || here.Any(s => this.FirstUse(s) <= level + 1))
                continue;
            foreach (var sum in here)
                this.sumLevel[sum] = level + 1;
            this.PlaceStores();
        }
    }

    /// <summary>Whether a pass must compute an operand of a matrix stage: it is not in memory as it stands.</summary>
    private bool IsComputed(Expression operand) => operand.Operation is not (Operation.Load or Operation.Matrix) && this.StoredBefore(operand, operand.Level + 1) is null;

    /// <summary>The first pass that needs a sum.</summary>
    private int FirstUse(Expression sum)
    {
        var first = int.MaxValue;
        foreach (var (value, level) in this.Roots())
        {
            if (level < first && Contains(value, sum, new HashSet<Expression>()))
                first = level;
        }

        return first;
    }

    private static bool Contains(Expression value, Expression part, HashSet<Expression> seen) =>
        seen.Add(value) && (value.Operands.Contains(part) || value.Operands.Any(o => Contains(o, part, seen)));

    /// <summary>Everything that some pass must compute, with the level of that pass.</summary>
    private IEnumerable<(Expression Value, int Level)> Roots()
    {
        foreach (var store in this.stores)
            yield return (store.Value, this.storeLevel[store.Target]);
        foreach (var sum in this.sums)
            yield return (sum.Operands[0], this.sumLevel[sum]);
        foreach (var matrix in this.matrices)
        {
            foreach (var operand in matrix.Operands)
                yield return (operand, matrix.Level - 1);
        }
    }

    private bool DelayOverwrites(Expression expression, int level, HashSet<Expression> seen)
    {
        if (expression.IsUniform() || !seen.Add(expression) || this.StoredBefore(expression, level) is not null)
            return false;
        if (expression.Operation == Operation.Load)
        {
            if (!this.storeLevel.TryGetValue(expression.Tensor, out var overwritten) || overwritten >= level)
                return false;
            this.storeLevel[expression.Tensor] = level;
            return true;
        }

        if (expression.Operation == Operation.Matrix)
            return false;
        var moved = false;
        foreach (var operand in expression.Operands)
            moved |= this.DelayOverwrites(operand, level, seen);
        return moved;
    }

    /// <summary>The tensor that holds a value by the time a pass begins, if there is one.</summary>
    private TensorSlot? StoredBefore(Expression expression, int level)
    {
        if (expression.Operation == Operation.Matrix)
            return this.workspaces[expression];
        foreach (var store in this.stores)
        {
            if (store.Value == expression && store.Target.Role == TensorRole.State && this.storeLevel[store.Target] < level)
                return store.Target;
        }

        return this.workspaces.TryGetValue(expression, out var workspace) && expression.Level < level ? workspace : null;
    }

    private Schedule Build()
    {
        var inputs = this.matrices.ToDictionary(m => m, m => m.Operands.Select(o => this.Materialise(o, m.Level)).ToList());
        var finishes = this.slots
            .Where(s => s.Gradient is not null)
            .Select(s => new FinishStep(s, this.Materialise(this.reduction.Apply(s.Gradient!), s.Gradient!.Level + 1)))
            .ToList();
        var steps = new List<ScheduledStep>();
        var passSums = this.sums.Select((sum, index) => (sum, index)).ToList();
        var allSums = new List<PassSum>();
        var last = this.Roots().Max(r => r.Level);
        for (var level = 0; level <= last; level++)
        {
            this.rebased.Clear();
            var here = this.stores
                .Where(s => this.storeLevel[s.Target] == level)
                .Concat(this.workspaces.Where(w => w.Key.Operation != Operation.Matrix && w.Key.Level == level).Select(w => new Store(w.Value, w.Key)))
                .Select(s => s with { Value = this.Rebase(s.Value, level) })
                .ToList();
            var sumsHere = passSums
                .Where(s => this.sumLevel[s.sum] == level)
                .Select(s => new PassSum(s.index, s.sum, this.Rebase(s.sum.Operands[0], level)))
                .ToList();
            allSums.AddRange(sumsHere);
            AddPasses(steps, here, sumsHere);
            steps.AddRange(this.matrices
                .Where(m => m.Level - 1 == level)
                .Select(m => new MatrixStep(m.Matrix, inputs[m][0], inputs[m][1], this.workspaces[m])));
        }

        steps.AddRange(finishes);
        return new Schedule(steps, this.workspaces.Values.Distinct().OrderBy(w => w.Name, StringComparer.Ordinal).ToList(), allSums.OrderBy(s => s.Index).ToList());
    }

    /// <summary>The pass over the elements, and behind it those over rows and columns: they overwrite what it reads.</summary>
    private static void AddPasses(List<ScheduledStep> steps, List<Store> stores, List<PassSum> sums)
    {
        foreach (var extent in stores.Select(store => store.Target.Extent).Concat(sums.Select(_ => TensorExtent.Element)).Distinct().OrderBy(extent => extent))
        {
            steps.Add(new ElementwisePass(
                steps.OfType<ElementwisePass>().Count() + 1,
                stores.Where(store => store.Target.Extent == extent).ToList(),
                extent == TensorExtent.Element ? sums : [])
            { Extent = extent });
        }
    }

    /// <summary>The tensor that holds the operand of a matrix stage; a workspace of its own if no other does.</summary>
    private TensorSlot Materialise(Expression operand, int level)
    {
        if (operand.Operation == Operation.Load && operand.Tensor.Role == TensorRole.Gradient)
            return TensorSlot.Gradient;
        if (this.StoredBefore(operand, level) is { } stored)
            return stored;
        var ordinal = this.workspaces.Keys.Count(k => k.Operation != Operation.Matrix);
        var suffix = ordinal == 0 ? "" : (ordinal + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var slot = new TensorSlot(TensorRole.Workspace, "input" + suffix, this.OwnSymbol(operand) ?? Symbol.Plain("w" + suffix));
        this.workspaces.Add(operand, slot);
        return slot;
    }

    /// <summary>The value's own name, as the equations have it, if no tensor has that name.</summary>
    private Symbol? OwnSymbol(Expression value) => value.Symbol is { } symbol
        && !this.states.Concat(this.workspaces.Values).Append(TensorSlot.Parameter).Append(TensorSlot.Gradient).Any(t => t.Symbol.Identifier == symbol.Identifier)
        ? symbol
        : null;

    /// <summary>The value as a pass computes it: what has been stored by then is read back.</summary>
    private Expression Rebase(Expression expression, int level)
    {
        if (expression.IsUniform())
            return expression;
        if (!this.rebased.TryGetValue(expression, out var known))
            this.rebased.Add(expression, known = this.RebaseOnce(expression, level));
        return known;
    }

    private Expression RebaseOnce(Expression expression, int level)
    {
        if (this.StoredBefore(expression, level) is { } stored)
            return expression.Graph.Load(stored);
        if (expression.Operands.IsEmpty)
            return expression;
        var result = expression.Graph.Map(expression, operand => this.Rebase(operand, level));
        return expression.Symbol is { } symbol ? result.Named(symbol) : result;
    }
}
