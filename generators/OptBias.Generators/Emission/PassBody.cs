using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>
/// The names of one pass: which values get a line of their own, what they are called, and which numbers the host hands in.
/// All targets share it, so that the generated texts read alike.
/// </summary>
internal sealed class PassBody
{
    /// <summary>A line does not nest deeper than this: what people can read, and compilers too.</summary>
    private const int DeepestLine = 12;

    /// <summary>Operations in the formula of a comment.</summary>
    private const int LongestComment = 120;

    private readonly Dictionary<Expression, string> names = new();
    private readonly HashSet<string> taken = new(StringComparer.Ordinal) { "x", "s", "i", "end", "t", "h", "sums", "V" };
    private readonly FormulaPrinter formulas = new(latex: false);
    private readonly Dictionary<Expression, string?> formulaNames = new();
    private readonly Dictionary<Expression, int> formulaSizes = new();
    private readonly Dictionary<Expression, TensorSlot> targets = new();
    private readonly HashSet<Expression> operands = new();
    private readonly List<PassValue> scalars = new();
    private readonly List<PassValue> constants = new();

    public PassBody(ElementwisePass pass)
    {
        this.Pass = pass;
        this.Expressions = pass.Expressions();
        foreach (var store in pass.Stores)
        {
            if (!this.targets.ContainsKey(store.Value))
                this.targets.Add(store.Value, store.Target);
        }

        var loads = this.Expressions.Where(e => e.Operation == Operation.Load).ToList();
        var slots = loads.Select(e => e.Tensor).Concat(pass.Stores.Select(s => s.Target)).Distinct().OrderBy(t => t.Role).ToList();
        var pointers = slots.Select(slot => this.Reserve(slot.Symbol.Identifier + "Pointer")).ToList();
        this.FindScalars();
        this.NameValues();

        this.formulas.NameOf = this.FormulaName;
        this.Tensors = slots.Select((slot, k) => new PassTensor(
            slot, k, pointers[k], loads.Find(e => e.Tensor == slot) is { } load ? this.names[load] : null, pass.Stores.Any(s => s.Target == slot))).ToList();
        this.Reads = this.Tensors.Where(t => t.IsRead).ToList();
        this.RowTensors = this.Reads.Where(t => t.Slot.Extent.IsOfRows() && pass.Extent == TensorExtent.Element).ToList();
        this.Stores = pass.Stores.Select(s => (this.Tensors[slots.IndexOf(s.Target)], s.Value)).ToList();
        this.Scalars = this.scalars.ConvertAll(s => s with { Comment = this.IsShort(s.Value) ? this.FormulaOfScalar(s.Value) : null });
        this.Statements = this.Expressions
            .Where(e => e.Operation != Operation.Load && this.names.ContainsKey(e))
            .Select(e => new PassValue(e, this.names[e], e.Operands.All(this.IsShort) ? this.Formula(e) : null))
            .ToList();
    }

    public ElementwisePass Pass { get; }

    public IReadOnlyList<Expression> Expressions { get; }

    /// <summary>All tensors that it touches, in a fixed order: parameter, gradient, state, workspace; those that it reads come first among their like.</summary>
    public IReadOnlyList<PassTensor> Tensors { get; }

    /// <summary>The tensors that it reads.</summary>
    public IReadOnlyList<PassTensor> Reads { get; }

    /// <summary>What it writes, in order.</summary>
    public IReadOnlyList<(PassTensor Target, Expression Value)> Stores { get; }

    /// <summary>Values that the host computes.</summary>
    public IReadOnlyList<PassValue> Scalars { get; }

    /// <summary>Literals.</summary>
    public IReadOnlyList<PassValue> Constants => this.constants;

    /// <summary>The values with a line of their own, in order.</summary>
    public IReadOnlyList<PassValue> Statements { get; }

    /// <summary>Uniform values that stand in an exponent: known to be the same for all lanes, they are raised to faster.</summary>
    public HashSet<Expression> Exponents { get; } = new();

    /// <summary>The numbers of the scalars among <see cref="Exponents"/>.</summary>
    public IReadOnlyList<int> ScalarExponents => Enumerable.Range(0, this.Scalars.Count).Where(k => this.Exponents.Contains(this.Scalars[k].Value)).ToList();

    /// <summary>Whether a power with a literal exponent is neither a product nor a root.</summary>
    public bool HasOtherPowers => this.Exponents.Any(e => e.Operation == Operation.Constant && e.Value is not (0 or 0.5 or 1 or 2));

    /// <summary>Tensors with a number for each row: within a row they are numbers that the runtime hands in behind the scalars.</summary>
    public IReadOnlyList<PassTensor> RowTensors { get; }

    /// <summary>Elements read for each element of the parameter; what is shared by a row or a column hardly counts.</summary>
    public int ElementsRead => this.Reads.Count(t => t.Slot.Extent == TensorExtent.Element);

    public int ElementsReadOf(TensorRole role) => this.Reads.Count(t => t.Slot.Role == role && t.Slot.Extent == TensorExtent.Element);

    /// <summary>Elements written for each element of the parameter.</summary>
    public int ElementsWritten => this.Stores.Count(s => s.Target.Slot.Extent == TensorExtent.Element);

    public int ElementsWrittenOf(TensorRole role) => this.Stores.Count(s => s.Target.Slot.Role == role && s.Target.Slot.Extent == TensorExtent.Element);

    /// <summary>Whether some scalar depends on a sum over one tensor, and so differs from tensor to tensor.</summary>
    public bool DependsOnTensor => this.Scalars.Any(s => s.Value.Rate == Rate.Tensor);

    /// <summary>Whether a uniform value stands anywhere but in an exponent.</summary>
    public bool IsOperand(Expression uniform) => this.operands.Contains(uniform);

    public string? NameOf(Expression e) => this.names.TryGetValue(e, out var name) ? name : null;

    /// <summary>The operations of the pass for one element.</summary>
    public int Operations => this.Expressions.Count(e => e.Operation is not (Operation.Load or Operation.Matrix)) + this.Pass.Sums.Count;

    private string Formula(Expression e) => $"{this.FormulaName(e)} = {this.formulas.Define(e)}";

    private string FormulaOfScalar(Expression e) => e.IsNamedNumber() ? this.Formula(e) : this.formulas.Print(e).Text;

    private bool IsShort(Expression e) => this.FormulaSize(e) <= LongestComment;

    /// <summary>Operations in the formula of a value. Where there are more than a comment may have, they are not all counted.</summary>
    private int FormulaSize(Expression e)
    {
        if (this.FormulaName(e) is not null)
            return 1;
        if (!this.formulaSizes.TryGetValue(e, out var size))
        {
            size = 1;
            foreach (var operand in e.Operands)
                size = Math.Min(size + this.FormulaSize(operand), LongestComment + 1);
            this.formulaSizes.Add(e, size);
        }

        return size;
    }

    /// <summary>What formulas call a value; null if they spell it out.</summary>
    private string? FormulaName(Expression e)
    {
        if (!this.formulaNames.TryGetValue(e, out var name))
            this.formulaNames.Add(e, name = this.FindFormulaName(e));
        return name;
    }

    private string? FindFormulaName(Expression e)
    {
        if (e.IsNamedNumber())
            return this.formulas.Name(e.Symbol!);
        if (e.Operation == Operation.Load && this.Pass.IsEvaluation)
            return this.formulas.Timed(e.Tensor, after: true);
        if (e.IsUniform() || e.Operation == Operation.Load)
            return null;
        if (this.targets.TryGetValue(e, out var target))
            return this.Pass.IsEvaluation ? this.formulas.EvaluatedParameter : this.formulas.Timed(target, after: true);
        return e.Symbol is { } symbol ? this.formulas.Name(symbol) : this.NameOf(e);
    }

    private void FindScalars()
    {
        foreach (var e in this.Expressions)
        {
            for (var k = 0; k < e.Operands.Length; k++)
            {
                var operand = e.Operands[k];
                if (!operand.IsUniform())
                    continue;
                (e.Operation == Operation.Power && k == 1 ? this.Exponents : this.operands).Add(operand);
                this.AddUniform(operand);
            }
        }

        foreach (var root in this.Pass.Roots.Where(r => r.IsUniform()))
        {
            this.operands.Add(root);
            this.AddUniform(root);
        }
    }

    private void AddUniform(Expression e)
    {
        if (this.names.ContainsKey(e))
            return;
        var name = this.Reserve(UniformName.Of(e) ?? (e.IsCondition() ? "condition" : e.Operation == Operation.Constant ? "constant" : "scalar") + Text.Integer(this.constants.Count + this.scalars.Count + 1));
        this.names.Add(e, name);
        (e.Operation == Operation.Constant ? this.constants : this.scalars).Add(new PassValue(e, name));
    }

    private void NameValues()
    {
        var uses = new Dictionary<Expression, int>();
        foreach (var e in this.Expressions)
        {
            foreach (var operand in e.Operands)
                uses[operand] = (uses.TryGetValue(operand, out var before) ? before : 0) + 1;
            if (e.Operation == Operation.Load)
                this.names[e] = this.Reserve(e.Tensor.Symbol.Identifier);
        }

        var depths = new Dictionary<Expression, int>();
        foreach (var e in this.Expressions)
        {
            if (e.Operation == Operation.Load)
                continue;
            var depth = 0;
            foreach (var operand in e.Operands)
                depth = Math.Max(depth, depths.TryGetValue(operand, out var below) ? below : 0);
            depth++;
            if (this.targets.TryGetValue(e, out var target))
                this.names[e] = this.Reserve(target.Role == TensorRole.Workspace ? target.Symbol.Identifier : target.Symbol.Identifier + "Next");
            else if (e.Symbol is { } symbol)
                this.names[e] = this.Reserve(symbol.Identifier);
            else if (depth > DeepestLine || (uses.TryGetValue(e, out var count) && count > 1))
                this.names[e] = this.Reserve(e.IsCondition() ? "mask" : "value");
            depths[e] = this.names.ContainsKey(e) ? 0 : depth;
        }
    }

    private string Reserve(string name)
    {
        var unique = name;
        for (var n = 2; !this.taken.Add(unique); n++)
            unique = name + Text.Integer(n);
        return unique;
    }
}
