using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record ScaleByShapeStage
{
    public override void Lower(LoweringContext context)
    {
        var graph = context.Graph;
        var ratio = graph.Shape(ShapeNumber.Rows) / graph.Shape(ShapeNumber.Columns);
        context.Update = ratio.Max(graph.Constant(1)).Sqrt().Named(new("shapeScale", "√max(1, rows/columns)", "\\sqrt{\\max(1, \\text{rows}/\\text{columns})}")) * context.Update;
    }
}
