using OptBias.Generators.Emission;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Lowering;

/// <summary>What of a program some values depend on, through state from step to step too.</summary>
internal sealed class Liveness
{
    private readonly HashSet<Expression> reached = new();
    private readonly HashSet<string> hyperparameters = new(StringComparer.Ordinal);
    private readonly UpdateProgram program;

    private Liveness(UpdateProgram program) => this.program = program;

    /// <summary>What the parameter depends on, after a step and where one evaluates.</summary>
    public static Liveness OfParameter(UpdateProgram program) =>
        Of(program, program.Stores.Where(store => store.Target.Role == TensorRole.Parameter).Select(store => store.Value).Concat(PointOf(program)));

    /// <summary>What the parameter or any state depends on: state may be read from outside.</summary>
    public static Liveness OfAll(UpdateProgram program) => Of(program, program.Stores.Select(store => store.Value).Concat(PointOf(program)));

    /// <summary>What some values depend on.</summary>
    public static Liveness Of(UpdateProgram program, IEnumerable<Expression> roots)
    {
        var liveness = new Liveness(program);
        foreach (var root in roots)
            liveness.Visit(root);
        return liveness;
    }

    /// <summary>Whether they depend on a value.</summary>
    public bool Reaches(Expression value) => this.reached.Contains(value);

    /// <summary>Whether they depend on what a tensor held before the step.</summary>
    public bool ReachesState(string name) => this.reached.Any(e => e.Operation == Operation.Load && e.Tensor.Role == TensorRole.State && e.Tensor.Name == name);

    /// <summary>Whether they depend on a hyperparameter.</summary>
    public bool ReachesHyperparameter(string name) => this.hyperparameters.Contains(name);

    /// <summary>Whether they depend on what a method with <c>[PerStep]</c> returns.</summary>
    public bool ReachesPerStep(string method) => this.reached.Any(e => e.Operation == Operation.PerStep && e.PerStep.Method == method);

    private static IEnumerable<Expression> PointOf(UpdateProgram program) => program.EvaluationPoint is { } point ? [point] : [];

    private void Visit(Expression value)
    {
        var pending = new Stack<Expression>();
        pending.Push(value);
        while (pending.Count > 0)
        {
            var e = pending.Pop();
            if (!this.reached.Add(e))
                continue;
            foreach (var operand in Dependencies(e))
                pending.Push(operand);
            if (e.Operation == Operation.Hyper)
                this.hyperparameters.Add(e.Hyperparameter.Name);
            if (e.Operation == Operation.Load)
            {
                foreach (var store in this.program.Stores.Where(store => store.Target == e.Tensor && e.Tensor.Role == TensorRole.State))
                    pending.Push(store.Value);
            }

            if (e.Operation == Operation.Matrix && e.Matrix.Slot is { } slot)
                this.VisitSlot(slot, e.Matrix, pending);
        }
    }

    /// <summary>A matrix stage depends on what its slot is fed at the end of a step, and on the hyperparameters that its texts name.</summary>
    private void VisitSlot(MatrixSlot slot, MatrixStage stage, Stack<Expression> pending)
    {
        if (this.program.MatrixSlots.FirstOrDefault(s => s.Slot == slot)?.Gradient is { } gradient)
            pending.Push(gradient);
        foreach (var name in slot.Hyperparameters)
        {
            var identifier = this.program.Hyperparameters.First(h => h.Name == name).Symbol.Identifier;
            if (new[] { stage.Apply, stage.Statistics, slot.Gate, slot.Finish }.Any(text => text is not null && Text.HasWord(text, identifier)))
                this.hyperparameters.Add(name);
        }
    }

    /// <summary>The operands that can change the value: 0 x, x − x and x⁰ depend on nothing.</summary>
    private static IEnumerable<Expression> Dependencies(Expression e) => e.Operation switch
    {
        Operation.Multiply when e.Operands.Any(IsZero) => [],
        Operation.Subtract when e.Operands[0] == e.Operands[1] => [],
        Operation.Power when IsZero(e.Operands[1]) => [],
        Operation.Divide when IsZero(e.Operands[0]) => [],
        _ => e.Operands,
    };

    private static bool IsZero(Expression e) => e.Operation == Operation.Constant && e.Value == 0;
}
