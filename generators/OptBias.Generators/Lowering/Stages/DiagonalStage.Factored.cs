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
            this.Statistics(context.Gradient.Symbol ?? TensorSlot.Gradient.Symbol, rate, epsilon),
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
                Behaviour = this.Behaviour(epsilon, degree: 0),
                Result = new("Rₜ / mean(Rₜ)", "\\frac{R_t}{\\operatorname{mean}(R_t)}"),
            },
            context.Gradient,
            context.Gradient).Named(new Symbol("r", "R̂", "\\hat R"));
        var columns = context.Graph.Matrix(
            new MatrixStage
            {
                Name = this.Qualify("column_factor"),
                Slot = slot,
                Extent = TensorExtent.Column,
                Apply = $"(({FactoredType})state!).CopyColumnFactor(output);",
                Behaviour = this.Behaviour(epsilon, degree: 2),
                Result = new("Cₜᵀ", "C_t^\\top"),
            },
            context.Gradient,
            rows).Named(new Symbol("c", "Cₜᵀ", "C_t^\\top"));
        return rows * columns;
    }

    /// <summary>Means of squares over rows and columns: signs go, and a turn is seen.</summary>
    private MatrixBehaviour Behaviour(Expression epsilon, double degree) => new()
    {
        InputDegree = degree,
        Elements = Maps.Signs,
        Rows = Maps.SignedPermutations,
        Columns = Maps.SignedPermutations,
        Why = "squares are averaged over each row and each column",
        IsEven = true,
        Ridge = this.EpsilonPlacement == EpsilonPlacement.InsideStatistic ? epsilon.Hyperparameter.Name : null,
    };

    private EquatableArray<Formula> Statistics(Symbol g, Expression rate, Expression epsilon)
    {
        var (plain, latex) = (new FormulaPrinter(latex: false), new FormulaPrinter(latex: true));
        var isInside = this.EpsilonPlacement == EpsilonPlacement.InsideStatistic;
        var (square, squareLatex) = isInside
            ? ($"{g.Unicode}² + {plain.Print(epsilon).Text}", $"{g.Latex}^2 + {latex.Print(epsilon).Text}")
            : ($"{g.Unicode}²", $"{g.Latex}^2");
        Formula Average(string letter, string index)
        {
            var (mean, meanLatex) = ($"mean{index}({square})", $"\\operatorname{{mean}}_{(index == "ⱼ" ? "j" : "i")}({squareLatex})");
            if (this.Statistic == DiagonalStatistic.Sum)
                return new($"{letter}ₜ = {letter}ₜ₋₁ + {mean}", $"{letter}_t &= {letter}_{{t-1}} + {meanLatex}");
            var (beta, betaLatex) = (plain.Print(rate).Text, latex.Print(rate).Text);
            return new(
                $"{letter}ₜ = {beta} {letter}ₜ₋₁ + (1 − {beta}) {mean}",
                $"{letter}_t &= {betaLatex} {letter}_{{t-1}} + (1 - {betaLatex}) {meanLatex}");
        }

        return new[] { Average("R", "ⱼ"), Average("C", "ᵢ") }.ToEquatableArray();
    }

    private static IEnumerable<string> HyperparametersOf(Expression rate) =>
        rate.Operands.Append(rate).Where(e => e.Operation == Operation.Hyper).Select(e => e.Hyperparameter.Name);
}
