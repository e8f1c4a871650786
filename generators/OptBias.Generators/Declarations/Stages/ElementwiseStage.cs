using OptBias.Generators.Diagnostics;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record ElementwiseStage(string Method, ElementMethod? Body) : MethodStage(Method, Body)
{
    public const string Attribute = "OptBias.ElementwiseAttribute";

    public override string Kind => "Elementwise";

    private IEnumerable<string> States => (this.Body?.States ?? EquatableArray<StateResult>.Empty).Select(s => this.Body!.Inputs[s.Input].Name)
        .Concat((this.Body?.Inputs ?? EquatableArray<ElementInput>.Empty).SelectMany(input => input.Call?.Carried ?? EquatableArray<string>.Empty))
        .Select(name => this.Qualify(Naming.ToSnakeCase(name)))
        .Distinct();

    public static ElementwiseStage Read(AttributeReading attribute) => new(attribute.Text("Method") ?? "", null);

    public override Stage Bind(ClassScope scope) => this with { Body = ElementMethodReader.Read(this.Method, scope) };

    public override void CheckPlace(IReadOnlyList<Stage> stages, int index, StageDiagnostics diagnostics)
    {
        if (stages.Take(index).Any(s => s is KroneckerBasisStage) && this.Body?.Inputs.FirstOrDefault(input => input.Kind == InputKind.State && input.Extent != TensorExtent.Element) is { } shared)
            diagnostics.Report(Descriptors.FactoredInRotatedCoordinates, this.Label, $"'{shared.Name}', numbers of rows or columns", "keep it for each element, or move the stage above the basis");
        var taken = stages.Take(index).OfType<ElementwiseStage>().SelectMany(s => s.States).ToList();
        foreach (var state in this.States)
        {
            if (taken.Contains(state))
                diagnostics.Report(Descriptors.NameTaken, state, $"another [Elementwise] above has state of that name; give this one a Name, as in [Elementwise(nameof({this.Method}), Name = \"Second\")]");
            taken.Add(state);
        }
    }
}
