using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Writes one elementwise pass: its scalars, its fused loop, and the same in TorchSharp operations.</summary>
internal sealed class PassEmitter(SourceWriter writer, UpdateProgram program, ElementwisePass pass, int passes)
{
    /// <summary>Operations in one line of the host's.</summary>
    private const int LongestLine = 120;

    private readonly PassBody body = new(pass);

    public PassBody Body => this.body;

    public string Name => pass.IsEvaluation ? "EvaluationPass" : "Pass" + Text.Integer(pass.Number);

    public void Emit()
    {
        writer.Line($"/// <summary>{Text.Xml(this.Summary())}</summary>");
        using (writer.Open($"private readonly struct {this.Name} : global::OptBias.Kernels.IElementwisePass"))
        {
            this.EmitScalars();
            writer.Line();
            this.EmitLanes();
            writer.Line();
            this.EmitTorchSharp();
        }
    }

    /// <summary>"Pass 1 of 1: reads θ, g, m, v and writes θ, m, v: 7 elements moved for each element of the parameter."</summary>
    public string Summary()
    {
        var reads = string.Join(", ", this.body.Reads.Select(t => t.Slot.Symbol.Unicode));
        var writes = this.body.Stores.Count > 0 ? " and writes " + string.Join(", ", this.body.Stores.Select(s => s.Target.Slot.Symbol.Unicode)) : "";
        var sums = pass.Sums.Count > 0 ? $", and gathers {Text.Integer(pass.Sums.Count)} sum{(pass.Sums.Count > 1 ? "s" : "")}" : "";
        var title = pass.IsEvaluation ? "To the point at which one evaluates, t steps taken" : $"Pass {Text.Integer(pass.Number)} of {Text.Integer(passes)}";
        return $"{title}: reads {reads}{writes}{sums}; {this.Moved()}.";
    }

    private string Moved() => pass.Extent switch
    {
        TensorExtent.Element => $"{Text.Integer(this.body.ElementsRead + this.body.ElementsWritten)} elements moved for each element of the parameter",
        _ => $"{Text.Integer(this.body.Reads.Count + this.body.Stores.Count)} moved for each {(pass.Extent.IsOfRows() ? "row" : "column")} of the parameter",
    };

    private void EmitScalars()
    {
        var all = this.ScalarParts();
        var hyperparameters = all.Where(e => e.Operation == Operation.Hyper).Select(e => e.Hyperparameter).OrderBy(h => h.Index).ToList();
        var parts = new Dictionary<Expression, string>();
        var host = new HostPrinter
        {
            NameOf = e => e.Operation == Operation.Sum ? $"sums[{Text.Integer(this.SumIndex(e))}]" : parts.TryGetValue(e, out var part) ? part : null,
        };
        writer.Line("/// <summary>What is the same for all elements, in double: from the hyperparameters h, the step t (from 1), the shape and the sums so far.</summary>");
        using (writer.Open("public static void Scalars(global::System.ReadOnlySpan<double> h, long t, global::OptBias.Kernels.TensorShape shape, global::System.ReadOnlySpan<double> sums, global::System.Span<double> s)"))
        {
            foreach (var hyperparameter in hyperparameters)
                writer.Line($"var {hyperparameter.Symbol.Identifier} = h[{Text.Integer(hyperparameter.Index)}];");
            var (read, changed) = Carried(all);
            foreach (var number in read)
                writer.Line($"var {HostPrinter.Before(number)} = sums[{Text.Integer(program.Sums.Count + number.Index)}]; // from the last step");
            foreach (var number in changed)
                writer.Line($"var {HostPrinter.After(number)} = sums[{Text.Integer(program.Sums.Count + number.Index)}]; // from the last step; Carry keeps what becomes of it");
            foreach (var (part, name) in this.NamedParts(all, hyperparameters.Select(h => h.Symbol.Identifier).Concat(read.Select(HostPrinter.Before)).Concat(changed.Select(HostPrinter.After))))
            {
                writer.Line($"var {name} = {host.Define(part)};");
                parts.Add(part, name);
            }

            for (var k = 0; k < this.body.Scalars.Count; k++)
            {
                var (value, _, comment) = this.body.Scalars[k];
                var text = value.IsCondition() ? $"({host.Print(value).Text}) ? 1.0 : 0.0" : host.Print(value).Text;
                writer.Line($"s[{Text.Integer(k)}] = {text};{TrailingComment(comment)}");
            }
        }
    }

    /// <summary>What the host computes in a line of its own: calls of the user's methods, so that each is called once, and parts of long expressions.</summary>
    private IEnumerable<(Expression Part, string Name)> NamedParts(IEnumerable<Expression> all, IEnumerable<string> hyperparameters)
    {
        var taken = new HashSet<string>(hyperparameters, StringComparer.Ordinal) { "h", "t", "shape", "sums", "s" };
        string Reserve(string name)
        {
            while (!taken.Add(name))
                name += "Value";
            return name;
        }

        foreach (var call in all.Where(e => e.Operation == Operation.PerStep))
            yield return (call, Reserve(Naming.ToIdentifier(call.PerStep.Name)));
        var cuts = LongExpressions.Cuts(this.body.Scalars.Select(s => s.Value), _ => false, e => e.Operation is Operation.Sum or Operation.PerStep, LongestLine);
        for (var k = 0; k < cuts.Count; k++)
            yield return (cuts[k], Reserve("part" + Text.Integer(k + 1)));
    }

    private int SumIndex(Expression sum) => program.Sums.IndexOf(sum);

    /// <summary>The carried numbers that values read, and those that methods change.</summary>
    public static (IReadOnlyList<CarriedNumber> Read, IReadOnlyList<CarriedNumber> Changed) Carried(IEnumerable<Expression> values) => (
        [.. values.Where(e => e.Operation == Operation.Carried).Select(e => e.Carried).Distinct().OrderBy(number => number.Index)],
        [.. values.Where(e => e.IsCarrying()).SelectMany(e => e.PerStep.Carried).Distinct().OrderBy(number => number.Index)]);

    /// <summary>The calls that hand numbers to the next step.</summary>
    public IEnumerable<Expression> Carrying => this.ScalarParts().Where(e => e.IsCarrying());

    /// <summary>Everything that the scalars are made of, each once.</summary>
    private List<Expression> ScalarParts()
    {
        var seen = new HashSet<Expression>();
        var parts = new List<Expression>();
        void Visit(Expression e)
        {
            if (!seen.Add(e))
                return;
            parts.Add(e);
            if (e.Operation != Operation.Sum)
            {
                foreach (var operand in e.Operands)
                    Visit(operand);
            }
        }

        foreach (var scalar in this.body.Scalars)
            Visit(scalar.Value);
        return parts;
    }

    private void EmitLanes()
    {
        var lanes = new LanePrinter { NameOf = this.body.NameOf, ExponentOf = this.ExponentName };
        writer.Line("/// <summary>The elements from i on, V.Count at a time, as far as they reach before end. Returns the first that is left.</summary>");
        writer.Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]");
        using (writer.Open("public static unsafe long Lanes<V>(nint* x, double* s, double* sums, long i, long end)\n    where V : unmanaged, global::OptBias.Kernels.ILanes<V>"))
        {
            foreach (var tensor in this.body.Tensors.Except(this.body.RowTensors))
                writer.Line($"var {tensor.Pointer} = x[{Text.Integer(tensor.Index)}];");
            foreach (var (value, name, _) in this.body.Constants.Where(c => this.body.IsOperand(c.Value)))
                writer.Line($"var {name} = {lanes.Define(value)};");
            for (var k = 0; k < this.body.Scalars.Count; k++)
            {
                var (value, name, _) = this.body.Scalars[k];
                if (this.body.Exponents.Contains(value))
                    writer.Line($"var {this.ExponentName(value)} = s[{Text.Integer(k)}];");
                if (value.IsCondition())
                    writer.Line($"var {name} = V.Less(V.Broadcast(0.0), V.Broadcast(s[{Text.Integer(k)}]));");
                else if (this.body.IsOperand(value))
                    writer.Line($"var {name} = V.Broadcast(s[{Text.Integer(k)}]);");
            }

            for (var k = 0; k < this.body.RowTensors.Count; k++)
                writer.Line($"var {this.body.RowTensors[k].Value} = V.Broadcast(s[{Text.Integer(this.body.Scalars.Count + k)}]); // the row's own");
            for (var k = 0; k < pass.Sums.Count; k++)
                writer.Line($"var sum{Text.Integer(k)} = V.Broadcast(0.0);");
            using (writer.Open("for (; i <= end - V.Count; i += V.Count)"))
            {
                foreach (var tensor in this.body.Reads.Except(this.body.RowTensors))
                    writer.Line($"var {tensor.Value} = V.Load{Storage(tensor)}({tensor.Pointer}, i);");
                this.EmitStatements(lanes);
                for (var k = 0; k < pass.Sums.Count; k++)
                    writer.Line($"sum{Text.Integer(k)} += {lanes.Print(pass.Sums[k].Term).Text};");
                foreach (var (target, value) in this.body.Stores)
                    writer.Line($"V.Store{Storage(target)}({target.Pointer}, i, {lanes.Print(value).Text});");
            }

            for (var k = 0; k < pass.Sums.Count; k++)
                writer.Line($"sums[{Text.Integer(k)}] += V.Sum(sum{Text.Integer(k)});");
            writer.Line();
            writer.Line("return i;");
        }
    }

    private void EmitTorchSharp()
    {
        var torch = new TorchSharpPrinter { NameOf = this.body.NameOf };
        writer.Line("/// <summary>The same as TorchSharp operations.</summary>");
        using (writer.Open("public static void TorchSharp(global::OptBias.Kernels.TensorRow x, global::System.ReadOnlySpan<double> s)"))
        {
            foreach (var (value, name, _) in this.body.Constants)
                writer.Line($"using var {name} = global::TorchSharp.ScalarExtensionMethods.ToScalar({Text.Literal(value.Value)});");
            for (var k = 0; k < this.body.Scalars.Count; k++)
            {
                var (value, name, _) = this.body.Scalars[k];
                if (value.IsCondition())
                    writer.Line($"var {name} = s[{Text.Integer(k)}] > 0.0;");
                else
                    writer.Line($"using var {name} = global::TorchSharp.ScalarExtensionMethods.ToScalar(s[{Text.Integer(k)}]);");
            }

            foreach (var tensor in this.body.Reads)
                writer.Line($"var {tensor.Value} = x.Load({Text.Integer(tensor.Index)}){(this.IsOverwrittenBeforeItIsStored(tensor.Slot) ? ".Clone()" : "")};");
            this.EmitStatements(torch);
            for (var k = 0; k < pass.Sums.Count; k++)
                writer.Line($"x.Sum({Text.Integer(k)}, {torch.Print(pass.Sums[k].Term).Text});");
            foreach (var (target, value) in this.body.Stores)
                writer.Line($"x.Store({Text.Integer(target.Index)}, {torch.Print(value).Text});");
        }
    }

    private void EmitStatements(ExpressionPrinter printer)
    {
        foreach (var (value, name, comment) in this.body.Statements)
        {
            writer.Line();
            if (comment is not null)
                writer.Line($"// {comment}");
            writer.Line($"var {name} = {printer.Define(value)};");
        }

        writer.Line();
    }

    /// <summary>
    /// Whether another tensor receives this one's old value as it stands, after this one has been overwritten: a history that
    /// moves on by one. Loaded tensors are views, so the old value must be kept.
    /// </summary>
    private bool IsOverwrittenBeforeItIsStored(TensorSlot tensor)
    {
        var isOverwritten = false;
        foreach (var store in pass.Stores)
        {
            if (isOverwritten && MayBe(store.Value, tensor, new HashSet<Expression>()))
                return true;
            isOverwritten |= store.Target == tensor;
        }

        return false;
    }

    /// <summary>Whether a value may be the tensor itself: it is, or a choice that is the same for all elements takes it.</summary>
    private static bool MayBe(Expression value, TensorSlot tensor, HashSet<Expression> seen) => seen.Add(value) && value.Operation switch
    {
        Operation.Load => value.Tensor == tensor,
        Operation.Select when value.Operands[0].IsUniform() => MayBe(value.Operands[1], tensor, seen) || MayBe(value.Operands[2], tensor, seen),
        _ => false,
    };

    private string ExponentName(Expression e) => e.Operation == Operation.Constant ? Text.Literal(e.Value) : this.body.NameOf(e) + "Exponent";

    /// <summary>The equation behind a line, at its end.</summary>
    public static string TrailingComment(string? comment) => comment is null ? "" : " // " + comment;

    /// <summary>Parameter and gradient come in the parameter's dtype, state in its own, a workspace and numbers of rows and columns in that of the arithmetic.</summary>
    private static string Storage(PassTensor tensor) => tensor.Slot.Role switch
    {
        TensorRole.Parameter => "Parameter",
        TensorRole.Gradient => "Gradient",
        TensorRole.State when tensor.Slot.Extent == TensorExtent.Element => "State",
        _ => "",
    };
}
