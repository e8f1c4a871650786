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

    private readonly Dictionary<Expression, string> names = new();
    private readonly HashSet<string> taken = new(StringComparer.Ordinal) { "x", "s", "i", "end", "t", "h", "sums", "V" };
    private readonly FormulaPrinter formulas = new(latex: false);
    private readonly Dictionary<Expression, TensorSlot> targets = new();
    private readonly Dictionary<TensorSlot, string> pointers = new();

    public PassBody(ElementwisePass pass)
    {
        this.Pass = pass;
        this.Tensors = pass.Tensors();
        this.Reads = pass.Reads();
        this.Expressions = pass.Expressions();
        foreach (var store in pass.Stores)
        {
            if (!this.targets.ContainsKey(store.Value))
                this.targets.Add(store.Value, store.Target);
        }

        foreach (var tensor in this.Tensors)
            this.pointers.Add(tensor, this.Reserve(tensor.Symbol.Identifier + "Pointer"));
        this.FindScalars();
        this.NameValues();
        this.formulas.NameOf = this.FormulaName;
    }

    public ElementwisePass Pass { get; }

    public IReadOnlyList<TensorSlot> Tensors { get; }

    public IReadOnlyList<TensorSlot> Reads { get; }

    public IReadOnlyList<Expression> Expressions { get; }

    /// <summary>Values that the host computes, with their names.</summary>
    public List<(Expression Value, string Name)> Scalars { get; } = new();

    /// <summary>Literals, with their names.</summary>
    public List<(Expression Value, string Name)> Constants { get; } = new();

    /// <summary>Uniform values that stand in an exponent: known to be the same for all lanes, they are raised to faster.</summary>
    public HashSet<Expression> Exponents { get; } = new();

    /// <summary>Tensors with a number for each row: within a row they are numbers that the runtime hands in behind the scalars.</summary>
    public IReadOnlyList<TensorSlot> RowTensors => this.Reads.Where(t => t.Extent == TensorExtent.Row).ToList();

    /// <summary>Elements read for each element of the parameter; what is shared by a row or a column hardly counts.</summary>
    public int ElementsRead => this.Reads.Count(t => t.Extent == TensorExtent.Element);

    public int ElementsReadOf(TensorRole role) => this.Reads.Count(t => t.Role == role && t.Extent == TensorExtent.Element);

    public int ElementsWrittenOf(TensorRole role) => this.Pass.Stores.Count(s => s.Target.Role == role);

    /// <summary>Whether some scalar depends on a sum over one tensor, and so differs from tensor to tensor.</summary>
    public bool DependsOnTensor => this.Scalars.Any(s => s.Value.Rate == Rate.Tensor);

    public int IndexOf(TensorSlot tensor) => this.Tensors.ToList().IndexOf(tensor);

    public string PointerOf(TensorSlot tensor) => this.pointers[tensor];

    public string? NameOf(Expression e) => this.names.TryGetValue(e, out var name) ? name : null;

    /// <summary>The values with a line of their own, in order.</summary>
    public IEnumerable<Expression> Statements => this.Expressions.Where(e => e.Operation != Operation.Load && this.names.ContainsKey(e));

    /// <summary>The operations of the pass for one element.</summary>
    public int Operations => this.Expressions.Count(e => e.Operation is not (Operation.Load or Operation.Matrix)) + this.Pass.Sums.Count;

    /// <summary>The equation behind a line.</summary>
    public string Formula(Expression e) => $"{this.FormulaName(e)} = {this.formulas.Define(e)}";

    public string FormulaOfScalar(Expression e) => e.IsNamedNumber() ? this.Formula(e) : this.formulas.Print(e).Text;

    /// <summary>Whether formulas call it by a name.</summary>
    public bool HasFormulaName(Expression e) => this.FormulaName(e) is not null;

    private string? FormulaName(Expression e)
    {
        if (e.IsNamedNumber())
            return this.formulas.Name(e.Symbol!);
        if (e.IsUniform() || e.Operation == Operation.Load)
            return null;
        if (this.targets.TryGetValue(e, out var target))
            return this.formulas.Timed(target, after: true);
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
                if (e.Operation == Operation.Power && k == 1)
                    this.Exponents.Add(operand);
                this.AddUniform(operand);
            }
        }

        foreach (var root in this.Pass.Roots.Where(r => r.IsUniform()))
            this.AddUniform(root);
    }

    private void AddUniform(Expression e)
    {
        if (this.names.ContainsKey(e))
            return;
        var name = this.Reserve(UniformName.Of(e) ?? (e.IsCondition() ? "condition" : e.Operation == Operation.Constant ? "constant" : "scalar") + Text.Integer(this.Constants.Count + this.Scalars.Count + 1));
        this.names.Add(e, name);
        (e.Operation == Operation.Constant ? this.Constants : this.Scalars).Add((e, name));
    }

    private void NameValues()
    {
        var uses = this.Expressions.SelectMany(e => e.Operands).GroupBy(o => o).ToDictionary(g => g.Key, g => g.Count());
        foreach (var e in this.Expressions)
        {
            if (e.Operation == Operation.Load)
                this.names[e] = this.Reserve(e.Tensor.Symbol.Identifier);
        }

        var depths = new Dictionary<Expression, int>();
        foreach (var e in this.Expressions.Where(e => e.Operation != Operation.Load))
        {
            var depth = 1 + e.Operands.Max(o => depths.TryGetValue(o, out var d) ? d : 0);
            if (this.targets.TryGetValue(e, out var target))
                this.names[e] = this.Reserve(target.Role == TensorRole.Workspace ? target.Symbol.Identifier : target.Symbol.Identifier + "Next");
            else if (e.Symbol is { } symbol)
                this.names[e] = this.Reserve(symbol.Identifier);
            else if ((uses.TryGetValue(e, out var count) && count > 1) || depth > DeepestLine)
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
