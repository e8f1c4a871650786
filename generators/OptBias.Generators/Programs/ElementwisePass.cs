namespace OptBias.Generators.Programs;

/// <summary>A step of the schedule.</summary>
internal abstract record ScheduledStep;

/// <summary>
/// One pass over memory: neighbouring elementwise work, fused. It reads each of its tensors once, writes each of its targets
/// once, and gathers its sums on the way.
/// </summary>
internal sealed record ElementwisePass(int Number, IReadOnlyList<Store> Stores, IReadOnlyList<PassSum> Sums) : ScheduledStep
{
    /// <summary>Over what it runs: elements, or rows or columns where all that it stores has one value for each.</summary>
    public TensorExtent Extent { get; init; }

    /// <summary>Whether it is no part of a step, but puts parameters to the point at which one evaluates, between steps.</summary>
    public bool IsEvaluation => this.Number == 0;

    /// <summary>What it computes, in the order in which code computes it.</summary>
    public IEnumerable<Expression> Roots => this.Stores.Select(s => s.Value).Concat(this.Sums.Select(s => s.Term));

    /// <summary>All element-rate expressions, operands before what uses them.</summary>
    public IReadOnlyList<Expression> Expressions()
    {
        var seen = new HashSet<Expression>();
        var ordered = new List<Expression>();
        void Visit(Expression expression)
        {
            if (expression.IsUniform() || !seen.Add(expression))
                return;
            if (expression.Operation != Operation.Matrix)
            {
                foreach (var operand in expression.Operands)
                    Visit(operand);
            }

            ordered.Add(expression);
        }

        foreach (var root in this.Roots)
            Visit(root);
        return ordered;
    }
}

/// <summary>A sum that a pass gathers: the sum of <paramref name="Term"/>, known to later steps as <paramref name="Result"/>.</summary>
internal sealed record PassSum(int Index, Expression Result, Expression Term);

/// <summary>A matrix stage in the schedule: reads one or two tensors, writes a workspace.</summary>
internal sealed record MatrixStep(MatrixStage Stage, TensorSlot Input, TensorSlot Other, TensorSlot Output) : ScheduledStep;

/// <summary>The end of a step for a matrix slot.</summary>
internal sealed record FinishStep(ProgramMatrixSlot Slot, TensorSlot Gradient) : ScheduledStep;
