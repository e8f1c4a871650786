using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>The factors of a number with their powers: what is both multiplied and divided by is gone.</summary>
internal sealed class Factors
{
    private readonly Dictionary<Expression, int> powers = new();

    /// <summary>How many factors are left, one for each time that it is multiplied or divided by.</summary>
    public int Count => this.powers.Values.Sum(Math.Abs);

    /// <summary>Adds the factors of a number, and says how many they are.</summary>
    public int Add(Expression number, int power)
    {
        if (number.Operation is Operation.Multiply or Operation.Divide)
            return this.Add(number.Operands[0], power) + this.Add(number.Operands[1], number.Operation == Operation.Divide ? -power : power);
        this.powers.TryGetValue(number, out var before);
        this.powers[number] = before + power;
        return 1;
    }

    /// <summary>The number again.</summary>
    /// <param name="graph">Where it is made.</param>
    /// <param name="last">By what is divided last.</param>
    public Expression Product(ExpressionGraph graph, Func<Expression, bool> last)
    {
        var product = graph.Constant(1);
        foreach (var pair in this.powers.OrderBy(pair => pair.Key.Id))
        {
            for (var k = 0; k < pair.Value; k++)
                product = graph.Multiply(product, pair.Key);
        }

        foreach (var pair in this.powers.OrderBy(pair => last(pair.Key)).ThenBy(pair => pair.Key.Id))
        {
            for (var k = 0; k > pair.Value; k--)
                product = graph.Divide(product, pair.Key);
        }

        return product;
    }
}
