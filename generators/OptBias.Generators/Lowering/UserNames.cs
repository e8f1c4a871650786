using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Lowering;

/// <summary>
/// Keeps what users name apart from what the language names: a hyperparameter <c>epsilon</c> of a per-element method and the ε
/// of <c>[Diagonal]</c> are two quantities, in code and in equations.
/// </summary>
internal sealed class UserNames
{
    /// <summary>Names of the language itself, in generated code and in equations.</summary>
    private static readonly string[] Reserved = ["eta", "η", "t", "h", "s", "x", "i", "end", "V", "sums", "shape", "theta", "θ", "g", "u"];

    private readonly HashSet<string> taken = new(Reserved, StringComparer.Ordinal);
    private readonly HashSet<string> users = new(StringComparer.Ordinal);
    private readonly HashSet<string> variables = new(StringComparer.Ordinal);

    public UserNames(OptimizerDeclaration declaration)
    {
        foreach (var stage in declaration.Stages)
        {
            foreach (var hyperparameter in stage.Hyperparameters)
            {
                if (stage is MethodStage)
                    this.users.Add(stage.Qualify(hyperparameter.Name));
                else
                    this.TryTake(hyperparameter.Symbol.For(stage.Name));
            }
        }
    }

    /// <summary>Takes a symbol if it is free in every notation.</summary>
    public bool TryTake(Symbol symbol)
    {
        if (this.taken.Contains(symbol.Identifier) || this.taken.Contains(symbol.Unicode))
            return false;
        this.taken.Add(symbol.Identifier);
        this.taken.Add(symbol.Unicode);
        return true;
    }

    /// <summary>
    /// The symbol of a hyperparameter, spelled out if it is a user's and its letter is taken. Stages called <c>m1</c> and <c>m_1</c> are
    /// two, and so are their variables.
    /// </summary>
    public Symbol Distinct(string hyperparameter, Symbol symbol)
    {
        if (this.users.Contains(hyperparameter) && !this.TryTake(symbol))
        {
            symbol = UserSymbols.Spelled(Naming.ToVariable(Naming.ToCamelCase(hyperparameter)));
            while (!this.TryTake(symbol))
                symbol = UserSymbols.Spelled(symbol.Identifier + "Value");
        }

        var variable = symbol.Identifier;
        for (var n = 2; !this.variables.Add(variable); n++)
            variable = $"{symbol.Identifier}_{n}";
        return variable == symbol.Identifier ? symbol : symbol with { Identifier = variable };
    }

    /// <summary>A tensor of state whose name and symbol no other has: what is taken is told apart by the stage.</summary>
    public TensorSlot Distinct(TensorSlot slot, IReadOnlyCollection<TensorSlot> states, Stage stage)
    {
        var name = slot.Name;
        if (states.Any(s => s.Name == name))
            name = Naming.ToSnakeCase(stage.Label) + "_" + name;
        var symbol = slot.Symbol;
        if (!this.TryTake(symbol))
        {
            symbol = symbol.For(stage.Label);
            while (!this.TryTake(symbol))
                symbol = new(symbol.Identifier + "_", symbol.Unicode + "′", symbol.Latex + "'");
        }

        return slot with { Name = name, Symbol = symbol };
    }
}
