using OptBias.Generators.Bias;
using OptBias.Generators.Emission;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record SteepestStage
{
    private const string Type = "global::OptBias.LinearAlgebra.Steepest";
    private const string PairType = "global::OptBias.LinearAlgebra.TopSingularPair";

    public override void Lower(LoweringContext context)
    {
        context.PreconditionerInput = context.Update;
        context.PreconditionerStart = 1;
        if (this.Norm == Norm.Frobenius)
        {
            this.LowerFrobenius(context);
            return;
        }

        var slot = this.Norm == Norm.Nuclear
            ? context.MatrixSlot(
                this,
                "top_singular_pair",
                $"new {PairType}(parameter.shape, global::OptBias.ParameterState.ArithmeticTypeOf(parameter), parameter.device, name)",
                this.PowerIterations(),
                stateColumns: 1)
            : null;
        context.Update = context.Matrix(
            new MatrixStage
            {
                Name = this.Qualify("steepest"),
                Slot = slot,
                Apply = this.Norm == Norm.Nuclear
                    ? $"(({PairType})state!).Apply(input, output, {Text.Integer(this.Steps)});"
                    : $"{Type}.{(this.Norm == Norm.L1 ? "LargestElement" : this.Norm.ToString())}(input, output);",
                Behaviour = this.Behaviour(),
                Result = this.Result(),
            },
            context.Update,
            context.Update);
    }

    /// <summary>A norm and a division, which are fused with their neighbours. An update of zero stays zero.</summary>
    private void LowerFrobenius(LoweringContext context)
    {
        var graph = context.Graph;
        var update = context.NamedUpdate();
        var length = graph.Sum(update * update, SumScope.Tensor).Sqrt();
        var inverse = graph.Select(graph.Binary(Operation.Less, graph.Constant(0), length), 1 / length, graph.Constant(0));
        context.Update = inverse.Named(new Symbol("inverseLength", "s", "s").For(this.Name)) * update;
    }

    private EquatableArray<Formula> PowerIterations() => new[]
    {
        new Formula("U: the update as a matrix, its first dimension by all others", "U &: \\text{the update as a matrix, its first dimension by all others}"),
        new Formula($"v ← Uᵀ U v / ‖Uᵀ U v‖, {Text.Integer(this.Steps)} times from the v of the step before", $"v &\\leftarrow \\frac{{U^\\top U v}}{{\\lVert U^\\top U v \\rVert}}\\quad {Text.Integer(this.Steps)} \\text{{ times from the }} v \\text{{ of the step before}}"),
    }.ToEquatableArray();

    private MatrixBehaviour Behaviour()
    {
        var (elements, rows, columns, why) = this.Norm switch
        {
            Norm.Nuclear => (Maps.None, Maps.Rotations, Maps.Rotations, "a singular pair mixes the elements of a row and of a column"),
            Norm.L1 => (Maps.SignedPermutations, Maps.SignedPermutations, Maps.SignedPermutations, "the largest element is picked"),
            Norm.Rows => (Maps.Signs, Maps.SignedPermutations, Maps.Rotations, "each row has a length of its own"),
            _ => (Maps.Signs, Maps.Rotations, Maps.SignedPermutations, "each column has a length of its own"),
        };
        return new()
        {
            Elements = elements,
            Rows = rows,
            Columns = columns,
            Why = why,
            ForgetsLength = true,
            PicksOne = this.Norm is Norm.L1 or Norm.Nuclear,
            Norm = this.Norm switch
            {
                Norm.Nuclear => StepNorm.Nuclear,
                Norm.L1 => StepNorm.Sum,
                Norm.Rows => StepNorm.Row,
                _ => StepNorm.Column,
            },
            Bound = 1,
        };
    }

    private Formula Result() => this.Norm switch
    {
        Norm.Nuclear => new("topSingularPair({0})", "\\operatorname{topSingularPair}({0})"),
        Norm.L1 => new("largestElement({0})", "\\operatorname{largestElement}({0})"),
        Norm.Rows => new("normalizedRows({0})", "\\operatorname{normalizedRows}({0})"),
        _ => new("normalizedColumns({0})", "\\operatorname{normalizedColumns}({0})"),
    };
}
