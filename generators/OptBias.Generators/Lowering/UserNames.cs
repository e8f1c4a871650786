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

    public UserNames(OptimizerDeclaration declaration)
    {
        foreach (var stage in declaration.Stages)
        {
            foreach (var hyperparameter in stage.Hyperparameters)
            {
                if (stage is ElementwiseStage)
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

    /// <summary>The symbol of a hyperparameter, spelled out if it is a user's and its letter is taken.</summary>
    public Symbol Distinct(string hyperparameter, Symbol symbol)
    {
        if (!this.users.Contains(hyperparameter) || this.TryTake(symbol))
            return symbol;
        symbol = UserSymbols.Spelled(Naming.ToCamelCase(hyperparameter));
        while (!this.TryTake(symbol))
            symbol = UserSymbols.Spelled(symbol.Identifier + "Value");
        return symbol;
    }

    /// <summary>A tensor of state whose name and symbol no other has: what is taken is told apart by the stage.</summary>
    public TensorSlot Distinct(TensorSlot slot, IReadOnlyCollection<TensorSlot> states, Stage stage)
    {
        var name = slot.Name;
        if (states.Any(s => s.Name == name))
            name = Naming.ToSnakeCase(stage.Label) + "_" + name;
        var symbol = slot.Symbol;
        if (!this.TryTake(symbol))
            symbol = symbol.For(stage.Label);
        this.TryTake(symbol);
        return new TensorSlot(slot.Role, name, symbol);
    }
}
