using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>A C# method of the user's that the host calls for a number.</summary>
/// <param name="Method">Its full name: <c>global::OptBias.Optimizers.RAdam.Rectification</c>.</param>
/// <param name="Name">What formulas call it: <c>rectification</c>.</param>
/// <param name="Body">What it does, in the user's own words; equal texts do the same.</param>
internal sealed record PerStepFunction(string Method, string Name, string Body)
{
    /// <summary>The numbers that it hands from step to step, <c>ref</c> parameters, in their order.</summary>
    public EquatableArray<CarriedNumber> Carried { get; init; } = EquatableArray<CarriedNumber>.Empty;

    /// <summary>Its arguments: the texts of its operands, and those of the carried numbers at their places.</summary>
    public IEnumerable<string> Arguments(IEnumerable<string> operands, Func<CarriedNumber, string> carried)
    {
        var all = operands.ToList();
        foreach (var number in this.Carried)
            all.Insert(number.Place, carried(number));
        return all;
    }
}

/// <summary>A number that a step of a parameter hands to the next.</summary>
/// <param name="Name">Its name in state dicts.</param>
/// <param name="Symbol">Its symbol in equations.</param>
/// <param name="Index">Its place among the numbers of the program.</param>
/// <param name="Place">Its place among the parameters of the method that changes it; -1 where it is read.</param>
internal sealed record CarriedNumber(string Name, Symbol Symbol, int Index, int Place);
