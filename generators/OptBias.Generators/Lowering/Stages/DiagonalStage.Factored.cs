using OptBias.Generators.Emission;
using OptBias.Generators.Lowering;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Declarations;

internal sealed partial record DiagonalStage
{
    private const string FactoredType = "global::OptBias.LinearAlgebra.FactoredMoment";

    /// <summary>The second moment as the product of a number for each row and one for each column; passes read those and never hold v.</summary>
    private Expression LowerFactored(LoweringContext context, Expression epsilon)
    {
        var rate = this.Statistic == DiagonalStatistic.Sum ? context.Graph.Constant(1) : this.Rate(context);
        var host = new HostPrinter();
        var (keep, take) = this.Statistic == DiagonalStatistic.Sum ? ("1.0", "1.0") : ("rate", "1.0 - rate");
        var inside = this.EpsilonPlacement == EpsilonPlacement.InsideStatistic ? epsilon.Hyperparameter.Symbol.Identifier : "0.0";
        var slot = context.MatrixSlot(
            this,
            "second_moment",
            $"new {FactoredType}(parameter.shape, global::OptBias.ParameterState.ArithmeticTypeOf(parameter), parameter.device, name)",
            others: HyperparametersOf(rate),
            stateRows: 1,
            stateColumns: 1);

        var rows = context.Graph.Matrix(
            new MatrixStage
            {
                Name = this.Qualify("row_factor"),
                Slot = slot,
                Extent = TensorExtent.Row,
                Apply = $"var moment = ({FactoredType})state!;\n"
                    + (keep == "rate" ? $"var rate = {host.Print(rate).Text};\n" : "")
                    + $"moment.Update(input, {keep}, {take}, {inside});\n"
                    + "moment.CopyRowFactor(output);",
                Equations = this.Statistics(rate, epsilon),
                Result = new("rᵢ", "r_i"),
            },
            context.Gradient,
            context.Gradient);
        var columns = context.Graph.Matrix(
            new MatrixStage
            {
                Name = this.Qualify("column_factor"),
                Slot = slot,
                Extent = TensorExtent.Column,
                Apply = $"(({FactoredType})state!).CopyColumnFactor(output);",
                Result = new("Cⱼ", "C_j"),
            },
            context.Gradient,
            rows);
        return rows * columns;
    }

    private EquatableArray<Formula> Statistics(Expression rate, Expression epsilon)
    {
        var (plain, latex) = (new FormulaPrinter(latex: false), new FormulaPrinter(latex: true));
        var isInside = this.EpsilonPlacement == EpsilonPlacement.InsideStatistic;
        var (square, squareLatex) = isInside ? ($"g² + {plain.Print(epsilon).Text}", $"g^2 + {latex.Print(epsilon).Text}") : ("g²", "g^2");
        Formula Average(string letter, string index, string over)
        {
            var (mean, meanLatex) = ($"mean{over}({square})", $"\\operatorname{{mean}}_{(over == "ⱼ" ? "j" : "i")}({squareLatex})");
            var (name, nameLatex) = (letter + index, $"{letter}_{(index == "ⱼ" ? "j" : "i")}");
            if (this.Statistic == DiagonalStatistic.Sum)
                return new($"{name} ← {name} + {mean}", $"{nameLatex} &\\leftarrow {nameLatex} + {meanLatex}");
            var (beta, betaLatex) = (plain.Print(rate).Text, latex.Print(rate).Text);
            return new(
                $"{name} ← {beta} {name} + (1 − {beta}) {mean}",
                $"{nameLatex} &\\leftarrow {betaLatex} {nameLatex} + (1 - {betaLatex}) {meanLatex}");
        }

        return new[]
        {
            Average("R", "ᵢ", "ⱼ"),
            Average("C", "ⱼ", "ᵢ"),
            new Formula("rᵢ = Rᵢ / meanᵢ(R)", "r_i &= \\frac{R_i}{\\operatorname{mean}_i(R)}"),
        }.ToEquatableArray();
    }

    private static IEnumerable<string> HyperparametersOf(Expression rate) =>
        rate.Operands.Append(rate).Where(e => e.Operation == Operation.Hyper).Select(e => e.Hyperparameter.Name);
}
