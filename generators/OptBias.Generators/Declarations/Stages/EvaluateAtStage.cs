using OptBias.Generators.Diagnostics;

namespace OptBias.Generators.Declarations;

/// <summary>The point at which one evaluates. It leaves the signals as they are.</summary>
internal sealed partial record EvaluateAtStage(string Method, ElementMethod? Body) : MethodStage(Method, Body)
{
    public const string Attribute = "OptBias.EvaluateAtAttribute";

    public override string Kind => "EvaluateAt";

    public override bool ActsOnGradient => true;

    /// <summary>It acts on no signal. At the end of a declaration it stands outside of a basis, where the parameter is.</summary>
    public override bool CommutesWithRotations => true;

    public static EvaluateAtStage Read(AttributeReading attribute) => new(attribute.Text("Method") ?? "", null);

    public override Stage Bind(ClassScope scope) => this with { Body = ElementMethodReader.ReadPoint(this.Method, scope, KeptAbove(scope)) };

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        if (stages.Take(index).OfType<EvaluateAtStage>().Any())
            diagnostics.Report(Descriptors.MisplacedPoint, "stands above already, and one evaluates at one point; leave one of the two out");
        else if (stages.Take(index).FirstOrDefault(stage => stage.IsCoordinateChange && !stage.MustComeFirst) is { } rotation)
            diagnostics.Report(Descriptors.MisplacedPoint, $"cannot stand below [{rotation.Kind}], which turns what the stages below it remember; such a rule has no point of its own");
    }

    /// <summary>State of the methods that <c>[Elementwise]</c> names above, by its name in state dicts.</summary>
    private static List<string> KeptAbove(ClassScope scope)
    {
        var kept = new List<string>();
        foreach (var attribute in DeclarationReader.StageAttributes(scope.Type).TakeWhile(attribute => attribute.FullName() != Attribute))
        {
            if (attribute.FullName() != ElementwiseStage.Attribute)
                continue;
            var reading = new AttributeReading(attribute);
            var stage = ElementwiseStage.Read(reading) with { Name = reading.Name };
            kept.AddRange(ElementMethodReader.StateOf(stage.Method, scope).Select(state => stage.Qualify(Naming.ToSnakeCase(state))));
        }

        return kept;
    }
}
