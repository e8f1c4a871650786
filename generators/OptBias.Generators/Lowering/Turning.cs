using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Lowering;

/// <summary>
/// Which values turn with the coordinates: those that are combinations of gradient, parameter and state with coefficients that are
/// the same for all elements. Whether such a value is made before a rotation or after it is the same; a sign, say, is another in each.
/// </summary>
internal sealed class Turning
{
    private readonly HashSet<Expression> atoms;
    private readonly HashSet<TensorSlot> others = new();
    private readonly Dictionary<Expression, bool> known = new();

    private Turning(UpdateProgram program, IEnumerable<Expression> atoms)
    {
        this.atoms = new(atoms);
        bool found;
        do
        {
            found = false;
            this.known.Clear();
            foreach (var store in program.Stores.Where(store => store.Target.Role == TensorRole.State && !this.others.Contains(store.Target)))
                found |= !this.Turns(store.Value) && this.others.Add(store.Target);
        }
        while (found);
    }

    /// <summary>The place of the rotation among stages; −1 if there is none.</summary>
    public static int RotationAmong(EquatableArray<Stage> stages)
    {
        for (var i = 0; i < stages.Count; i++)
        {
            if (stages[i].IsCoordinateChange && !stages[i].MustComeFirst)
                return i;
        }

        return -1;
    }

    /// <summary>The first stage above a rotation whose result does not turn with the coordinates; null if there is none.</summary>
    public static Stage? FirstThatDoesNot(OptimizerDeclaration declaration, int rotation)
    {
        var trace = new StageTrace();
        var program = LoweringContext.Lower(declaration, trace);

        // In the coordinates of a power law the signals are those that it makes.
        var turning = new Turning(program, declaration.Stages[0].MustComeFirst ? trace.MarksOf(0) : []);
        return Enumerable.Range(0, rotation)
            .Where(stage => !turning.Turns(trace.Signals[stage].Update) || !turning.Turns(trace.Signals[stage].Gradient))
            .Select(stage => declaration.Stages[stage])
            .FirstOrDefault();
    }

    private bool Turns(Expression e)
    {
        if (!this.known.TryGetValue(e, out var turns))
            this.known.Add(e, turns = this.Ask(e));
        return turns;
    }

    private bool Ask(Expression e)
    {
        if (this.atoms.Contains(e))
            return true;
        if (e.IsUniform())
            return false;
        var operands = e.Operands;
        return e.Operation switch
        {
            Operation.Load => !this.others.Contains(e.Tensor),
            Operation.Add or Operation.Subtract or Operation.Negate => operands.All(this.Turns),
            Operation.Multiply => operands[0].IsUniform() ? this.Turns(operands[1]) : operands[1].IsUniform() && this.Turns(operands[0]),
            Operation.Divide => operands[1].IsUniform() && this.Turns(operands[0]),
            Operation.FusedMultiplyAdd => (operands[0].IsUniform() ? this.Turns(operands[1]) : operands[1].IsUniform() && this.Turns(operands[0])) && this.Turns(operands[2]),
            Operation.Select => operands[0].IsUniform() && this.Turns(operands[1]) && this.Turns(operands[2]),
            Operation.Matrix => (e.Matrix.IsLinear || e.Matrix.InPlace || e.Matrix.TurnsWithCoordinates) && this.Turns(operands[0]),
            _ => false,
        };
    }
}
