namespace OptBias.Generators.Declarations;

/// <summary>A hyperparameter that a stage brings with it.</summary>
/// <param name="Name">Its name everywhere: <c>beta1</c>.</param>
/// <param name="Argument">The argument of the attribute that gives its default, for messages.</param>
/// <param name="Default">The default.</param>
/// <param name="Range">The values that it may take.</param>
/// <param name="Symbol">Its symbol in equations.</param>
/// <param name="Description">What it is, in a few words.</param>
internal sealed record HyperparameterDeclaration(
    string Name, string Argument, double Default, HyperparameterRange Range, Symbol Symbol, string Description)
{
    /// <summary>Whether it is an epsilon, a ridge or a decay, which the bias is judged without: in its limit zero.</summary>
    public bool Vanishes { get; init; }

    /// <summary>The learning rate, which every optimizer has.</summary>
    public static HyperparameterDeclaration LearningRate(double value) =>
        new("lr", "LearningRate", value, HyperparameterRange.NonNegative, new("eta", "η", "\\eta"), "learning rate");
}
