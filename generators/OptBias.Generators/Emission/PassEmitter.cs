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

    public string Name => "Pass" + Text.Integer(pass.Number);

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
        var reads = string.Join(", ", this.body.Reads.Select(t => t.Symbol.Unicode));
        var writes = pass.Stores.Count > 0 ? " and writes " + string.Join(", ", pass.Stores.Select(s => s.Target.Symbol.Unicode)) : "";
        var sums = pass.Sums.Count > 0 ? $", and gathers {Text.Integer(pass.Sums.Count)} sum{(pass.Sums.Count > 1 ? "s" : "")}" : "";
        return $"Pass {Text.Integer(pass.Number)} of {Text.Integer(passes)}: reads {reads}{writes}{sums}; {Text.Integer(this.body.ElementsRead + pass.Stores.Count)} elements moved for each element of the parameter.";
    }

    private void EmitScalars()
    {
        var parts = new Dictionary<Expression, string>();
        var host = new HostPrinter
        {
            NameOf = e => e.Operation == Operation.Sum ? $"sums[{Text.Integer(this.SumIndex(e))}]" : parts.TryGetValue(e, out var part) ? part : null,
        };
        writer.Line("/// <summary>What is the same for all elements, in double: from the hyperparameters h, the step t (from 1), the shape and the sums so far.</summary>");
        using (writer.Open("public static void Scalars(global::System.ReadOnlySpan<double> h, long t, global::OptBias.Kernels.TensorShape shape, global::System.ReadOnlySpan<double> sums, global::System.Span<double> s)"))
        {
            foreach (var hyperparameter in this.HyperparametersUsed())
                writer.Line($"var {hyperparameter.Symbol.Identifier} = h[{Text.Integer(hyperparameter.Index)}];");
            foreach (var (part, name) in this.NamedParts())
            {
                writer.Line($"var {name} = {host.Define(part)};");
                parts.Add(part, name);
            }

            for (var k = 0; k < this.body.Scalars.Count; k++)
            {
                var (value, _) = this.body.Scalars[k];
                var text = value.IsCondition() ? $"({host.Print(value).Text}) ? 1.0 : 0.0" : host.Print(value).Text;
                writer.Line($"s[{Text.Integer(k)}] = {text};{(this.IsShort(value) ? " // " + this.body.FormulaOfScalar(value) : "")}");
            }
        }
    }

    /// <summary>What the host computes in a line of its own: calls of the user's methods, so that each is called once, and parts of long expressions.</summary>
    private IEnumerable<(Expression Part, string Name)> NamedParts()
    {
        var taken = new HashSet<string>(this.HyperparametersUsed().Select(h => h.Symbol.Identifier), StringComparer.Ordinal) { "h", "t", "shape", "sums", "s" };
        string Reserve(string name)
        {
            while (!taken.Add(name))
                name += "Value";
            return name;
        }

        var calls = this.ScalarParts().Where(e => e.Operation == Operation.PerStep).ToList();
        foreach (var call in calls)
            yield return (call, Reserve(Naming.ToIdentifier(call.PerStep.Name)));
        foreach (var (part, k) in LongExpressions.Cuts(this.body.Scalars.Select(s => s.Value), _ => false, e => e.Operation is Operation.Sum or Operation.PerStep, LongestLine).Select((e, k) => (e, k)))
            yield return (part, Reserve("part" + Text.Integer(k + 1)));
    }

    /// <summary>The equation behind a line of code; null where it would be longer than anyone reads.</summary>
    public string? CommentOf(Expression statement) =>
        statement.Operands.All(this.IsShort) ? this.body.Formula(statement) : null;

    public bool IsShort(Expression value) => LongExpressions.Cuts([value], _ => false, this.body.HasFormulaName, LongestLine).Count == 0;

    private int SumIndex(Expression sum) => program.Sums.IndexOf(sum);

    private IEnumerable<ProgramHyperparameter> HyperparametersUsed() =>
        this.ScalarParts().Where(e => e.Operation == Operation.Hyper).Select(e => e.Hyperparameter).OrderBy(h => h.Index);

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

        foreach (var (value, _) in this.body.Scalars)
            Visit(value);
        return parts;
    }

    private void EmitLanes()
    {
        var lanes = new LanePrinter { NameOf = this.body.NameOf, ExponentOf = this.ExponentName };
        writer.Line("/// <summary>The elements from i on, V.Count at a time, as far as they reach before end.</summary>");
        writer.Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]");
        using (writer.Open("public static unsafe void Lanes<V>(nint* x, double* s, double* sums, ref long i, long end)\n    where V : unmanaged, global::OptBias.Kernels.ILanes<V>"))
        {
            foreach (var tensor in this.body.Tensors.Where(t => t.Extent != TensorExtent.Row))
                writer.Line($"var {this.Pointer(tensor)} = x[{Text.Integer(this.body.IndexOf(tensor))}];");
            foreach (var (value, name) in this.body.Constants.Where(c => this.IsOperand(c.Value)))
                writer.Line($"var {name} = {lanes.Define(value)};");
            for (var k = 0; k < this.body.Scalars.Count; k++)
            {
                var (value, name) = this.body.Scalars[k];
                if (this.body.Exponents.Contains(value))
                    writer.Line($"var {this.ExponentName(value)} = s[{Text.Integer(k)}];");
                if (value.IsCondition())
                    writer.Line($"var {name} = V.Less(V.Broadcast(0.0), V.Broadcast(s[{Text.Integer(k)}]));");
                else if (this.IsOperand(value))
                    writer.Line($"var {name} = V.Broadcast(s[{Text.Integer(k)}]);");
            }

            foreach (var (tensor, k) in this.body.RowTensors.Select((t, k) => (t, k)))
                writer.Line($"var {this.body.NameOf(this.Load(tensor))} = V.Broadcast(s[{Text.Integer(this.body.Scalars.Count + k)}]); // the row's own");
            for (var k = 0; k < pass.Sums.Count; k++)
                writer.Line($"var sum{Text.Integer(k)} = V.Broadcast(0.0);");
            using (writer.Open("for (; i <= end - V.Count; i += V.Count)"))
            {
                foreach (var tensor in this.body.Reads.Where(t => t.Extent != TensorExtent.Row))
                    writer.Line($"var {this.body.NameOf(this.Load(tensor))} = V.Load{Storage(tensor)}({this.Pointer(tensor)}, i);");
                this.EmitStatements(lanes);
                foreach (var sum in pass.Sums.Select((s, k) => $"sum{Text.Integer(k)} += {lanes.Print(s.Term).Text};"))
                    writer.Line(sum);
                foreach (var store in pass.Stores)
                    writer.Line($"V.Store{Storage(store.Target)}({this.Pointer(store.Target)}, i, {lanes.Print(store.Value).Text});");
            }

            for (var k = 0; k < pass.Sums.Count; k++)
                writer.Line($"sums[{Text.Integer(k)}] += V.Sum(sum{Text.Integer(k)});");
        }
    }

    private void EmitTorchSharp()
    {
        var torch = new TorchSharpPrinter { NameOf = this.body.NameOf };
        writer.Line("/// <summary>The same as TorchSharp operations.</summary>");
        using (writer.Open("public static void TorchSharp(global::OptBias.Kernels.TensorRow x, global::System.ReadOnlySpan<double> s)"))
        {
            foreach (var (value, name) in this.body.Constants)
                writer.Line($"using var {name} = global::TorchSharp.ScalarExtensionMethods.ToScalar({Text.Literal(value.Value)});");
            for (var k = 0; k < this.body.Scalars.Count; k++)
            {
                writer.Line(this.body.Scalars[k].Value.IsCondition()
                    ? $"var {this.body.Scalars[k].Name} = s[{Text.Integer(k)}] > 0.0;"
                    : $"using var {this.body.Scalars[k].Name} = global::TorchSharp.ScalarExtensionMethods.ToScalar(s[{Text.Integer(k)}]);");
            }

            foreach (var tensor in this.body.Reads)
                writer.Line($"var {this.body.NameOf(this.Load(tensor))} = x.Load({Text.Integer(this.body.IndexOf(tensor))}){(this.IsOverwrittenBeforeItIsStored(tensor) ? ".Clone()" : "")};");
            this.EmitStatements(torch);
            for (var k = 0; k < pass.Sums.Count; k++)
                writer.Line($"x.Sum({Text.Integer(k)}, {torch.Print(pass.Sums[k].Term).Text});");
            foreach (var store in pass.Stores)
                writer.Line($"x.Store({Text.Integer(this.body.IndexOf(store.Target))}, {torch.Print(store.Value).Text});");
        }
    }

    private void EmitStatements(ExpressionPrinter printer)
    {
        foreach (var e in this.body.Statements)
        {
            writer.Line();
            if (this.CommentOf(e) is { } comment)
                writer.Line("// " + comment);
            writer.Line($"var {this.body.NameOf(e)} = {printer.Define(e)};");
        }

        writer.Line();
    }

    /// <summary>
    /// Whether another tensor receives this one's old value as it stands, after this one has been overwritten: a history that
    /// moves on by one. Loaded tensors are views, so the old value must be kept.
    /// </summary>
    private bool IsOverwrittenBeforeItIsStored(TensorSlot tensor)
    {
        var overwritten = pass.Stores.ToList().FindIndex(s => s.Target == tensor);
        return overwritten >= 0 && pass.Stores.Skip(overwritten + 1).Any(s => MayBe(s.Value, tensor, new HashSet<Expression>()));
    }

    /// <summary>Whether a value may be the tensor itself: it is, or a choice that is the same for all elements takes it.</summary>
    private static bool MayBe(Expression value, TensorSlot tensor, HashSet<Expression> seen) => seen.Add(value) && value.Operation switch
    {
        Operation.Load => value.Tensor == tensor,
        Operation.Select when value.Operands[0].IsUniform() => MayBe(value.Operands[1], tensor, seen) || MayBe(value.Operands[2], tensor, seen),
        _ => false,
    };

    public Expression Load(TensorSlot tensor) => this.body.Expressions.First(e => e.Operation == Operation.Load && e.Tensor == tensor);

    private string Pointer(TensorSlot tensor) => this.body.PointerOf(tensor);

    private string ExponentName(Expression e) => e.Operation == Operation.Constant ? Text.Literal(e.Value) : this.body.NameOf(e) + "Exponent";

    /// <summary>Whether a uniform value stands anywhere but in an exponent.</summary>
    private bool IsOperand(Expression value) =>
        this.body.Expressions.Any(e => e.Operands.Select((o, k) => o == value && !(e.Operation == Operation.Power && k == 1)).Any(b => b))
        || pass.Roots.Contains(value);

    /// <summary>Parameter and gradient come in the parameter's dtype, state in its own, a workspace in that of the arithmetic.</summary>
    private static string Storage(TensorSlot tensor) => tensor.Role switch
    {
        TensorRole.Parameter => "Parameter",
        TensorRole.Gradient => "Gradient",
        TensorRole.State => "State",
        _ => "",
    };
}
