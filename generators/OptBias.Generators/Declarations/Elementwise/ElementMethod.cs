using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

/// <summary>A per-element method as values: what it reads, and a list of operations of which each uses earlier ones.</summary>
internal sealed record ElementMethod
{
    /// <summary>The method's name.</summary>
    public required string Name { get; init; }

    /// <summary>What its parameters are bound to.</summary>
    public required EquatableArray<ElementInput> Inputs { get; init; }

    public required EquatableArray<Instruction> Instructions { get; init; }

    /// <summary>The user's name for the result of each instruction, empty where there is none.</summary>
    public required EquatableArray<string> Locals { get; init; }

    /// <summary>The value of each tensor of state when the method returns.</summary>
    public required EquatableArray<StateResult> States { get; init; }

    /// <summary>The instruction whose result the method returns.</summary>
    public required int Result { get; init; }

    public required EquatableArray<HyperparameterDeclaration> Hyperparameters { get; init; }

    /// <summary>Whether the values of an instruction differ from element to element, or only from row to row or column to column; null where all are the same.</summary>
    public Programs.TensorExtent? Reach(int place)
    {
        Programs.TensorExtent? reach = null;
        var reaches = new Programs.TensorExtent?[place + 1];
        for (var i = 0; i <= place; i++)
        {
            var instruction = this.Instructions[i];
            reach = instruction.Operation == Programs.Operation.Load ? this.Inputs[instruction.Input].Reach : null;
            foreach (var operand in instruction.Operands)
                reach = reaches[operand] is not { } other || other == reach ? reach : reach is null ? other : Programs.TensorExtent.Element;
            reaches[i] = reach;
        }

        return reach;
    }

    /// <summary>Whether the result, or what becomes of state, is made of an input.</summary>
    public bool Uses(ElementInput input)
    {
        var open = new Stack<int>(this.States.Select(state => state.Value).Append(this.Result));
        var seen = new HashSet<int>();
        while (open.Count > 0)
        {
            var (place, instruction) = (open.Peek(), this.Instructions[open.Pop()]);
            if (!seen.Add(place))
                continue;
            if (instruction.Operation == Programs.Operation.Load && this.Inputs[instruction.Input] == input)
                return true;
            foreach (var operand in instruction.Operands)
                open.Push(operand);
        }

        return false;
    }
}

/// <summary>What a parameter of a per-element method is.</summary>
internal enum InputKind
{
    Update,
    Gradient,
    Parameter,
    State,
    Hyper,
    PerStep,
    Shape,
    Sum,
    Carried,
}

/// <summary>A parameter of a per-element method.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name in C#; the hyperparameter's name for <see cref="InputKind.Hyper"/>.</param>
/// <param name="Call">The method to call for <see cref="InputKind.PerStep"/>.</param>
/// <param name="Sum">What is summed for <see cref="InputKind.Sum"/>.</param>
internal sealed record ElementInput(InputKind Kind, string Name, PerStepCall? Call = null, SummedMethod? Sum = null)
{
    /// <summary>Whether state has one number for each element, row or column.</summary>
    public Programs.TensorExtent Extent { get; init; }

    /// <summary>Whether the values of elements differ, and how far; null where all are the same.</summary>
    public Programs.TensorExtent? Reach => this.Kind switch
    {
        InputKind.Update or InputKind.Gradient or InputKind.Parameter => Programs.TensorExtent.Element,
        InputKind.State => this.Extent,
        InputKind.Sum => SumReader.ExtentOf(this.Sum!.Over),
        _ => null,
    };
}

/// <summary>A <c>[Sum]</c> method.</summary>
/// <param name="Term">What one element gives.</param>
/// <param name="Over">Over what is summed.</param>
internal sealed record SummedMethod(ElementMethod Term, SumOver Over);

/// <summary>A call of a <c>[PerStep]</c> method.</summary>
/// <param name="Method">Its full name.</param>
/// <param name="Arguments">The names of its parameters: <c>step</c>, numbers of the shape, sums, and hyperparameters as the user writes them.</param>
/// <param name="Body">What it does, as <see cref="OwnSource"/> writes it.</param>
/// <param name="Sums">The sums among the arguments.</param>
/// <param name="Carried">The <c>ref</c> parameters among the arguments: numbers that a step hands to the next.</param>
/// <param name="Reads">Such numbers of other methods that it reads.</param>
internal sealed record PerStepCall(
    string Method, EquatableArray<string> Arguments, string Body, EquatableArray<ElementInput> Sums, EquatableArray<string> Carried, EquatableArray<string> Reads);

/// <summary>What a tensor of state becomes.</summary>
/// <param name="Input">Its place among the inputs.</param>
/// <param name="Value">The instruction that computes it.</param>
internal sealed record StateResult(int Input, int Value);

/// <summary>One operation. Numbers are kept as bits: 0 and −0 are equal as numbers, and differ as programs.</summary>
/// <param name="Operation">The operation; <see cref="Operation.Load"/> reads an input.</param>
/// <param name="Operands">The instructions whose results it takes.</param>
/// <param name="Bits">The number of a <see cref="Operation.Constant"/>.</param>
/// <param name="Input">The input of a <see cref="Operation.Load"/>.</param>
internal sealed record Instruction(Operation Operation, EquatableArray<int> Operands, long Bits = 0, int Input = -1)
{
    public double Number => BitConverter.Int64BitsToDouble(this.Bits);
}
