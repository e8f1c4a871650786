namespace OptBias.Generators.Programs;

/// <summary>
/// Finds where to cut expressions that would print as long lines. Shared parts are printed wherever they are used, so without
/// cuts the text of a graph can be exponentially longer than the graph.
/// </summary>
internal static class LongExpressions
{
    /// <summary>The parts that need a name so that no line has more than about <paramref name="longest"/> operations; operands before what uses them.</summary>
    /// <param name="roots">What is printed.</param>
    /// <param name="hasName">What has a name already; what it is made of is printed elsewhere.</param>
    /// <param name="isLeaf">What is printed without its operands.</param>
    /// <param name="longest">Operations in a line.</param>
    public static IReadOnlyList<Expression> Cuts(IEnumerable<Expression> roots, Func<Expression, bool> hasName, Func<Expression, bool> isLeaf, int longest)
    {
        var sizes = new Dictionary<Expression, int>();
        var cuts = new List<Expression>();
        int SizeOf(Expression e)
        {
            if (sizes.TryGetValue(e, out var known))
                return known;
            var size = 1;
            if (!isLeaf(e))
            {
                foreach (var operand in e.Operands)
                    size += SizeOf(operand);
            }

            if (hasName(e))
            {
                size = 1;
            }
            else if (size > longest)
            {
                cuts.Add(e);
                size = 1;
            }

            return sizes[e] = size;
        }

        foreach (var root in roots)
            SizeOf(root);
        return cuts;
    }
}
