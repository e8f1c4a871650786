using OptBias.Generators.Bias;
using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Writes the generated half of an optimizer's class.</summary>
internal sealed class OptimizerEmitter
{
    private readonly SourceWriter writer = new();
    private readonly OptimizerDeclaration declaration;
    private readonly UpdateProgram program;
    private readonly List<PassEmitter> passes;
    private readonly PassEmitter? evaluation;
    private readonly IReadOnlyList<string> equations;
    private readonly DerivedBias bias;
    private readonly Dictionary<TensorSlot, int> places = new();

    private OptimizerEmitter(OptimizerDeclaration declaration, UpdateProgram program)
    {
        this.declaration = declaration;
        this.program = program;
        var scheduled = program.Schedule.Passes.ToList();
        this.passes = scheduled.Select(p => new PassEmitter(this.writer, program, p, scheduled.Count)).ToList();
        this.evaluation = program.EvaluationPass is { } point ? new PassEmitter(this.writer, program, point, scheduled.Count) : null;
        this.equations = Equations.Of(program, latex: false);
        this.bias = BiasInference.Infer(program);
        foreach (var tensor in new[] { TensorSlot.Parameter, TensorSlot.Gradient }.Concat(program.States).Concat(program.Schedule.Workspaces))
            this.places.Add(tensor, this.places.Count);
    }

    public static string Emit(OptimizerDeclaration declaration, UpdateProgram program) =>
        new OptimizerEmitter(declaration, program).Emit();

    private string Emit()
    {
        FileHeader.Write(this.writer, this.declaration);
        var scope = new TypeScope(this.writer, this.declaration);
        this.EmitRemarks();
        FileHeader.WriteGeneratedCode(this.writer);
        using (this.writer.Open($"partial class {this.declaration.Identifier} : global::OptBias.DeclaredOptimizer{SurfaceEmitter.InterfaceList(this.program.Hyperparameters)}"))
        {
            var surface = new SurfaceEmitter(this.writer, this.declaration, this.program.Hyperparameters);
            surface.Emit();
            this.writer.Line();
            this.EmitPlan();
            this.EmitCarry();
            this.writer.Line();
            surface.EmitDescriptor(
                Text.Lines(Equations.Of(this.program, latex: true)),
                Text.Lines(this.equations),
                this.Cost(),
                () => BiasText.Write(this.writer, this.declaration.Name, this.bias));
            foreach (var pass in this.AllPasses)
            {
                this.writer.Line();
                pass.Emit();
            }

            this.EmitCuda();
        }

        scope.Dispose();
        return this.writer.ToString();
    }

    /// <summary>The mathematics, for whoever hovers over the class's name.</summary>
    private void EmitRemarks()
    {
        this.writer.Line("/// <remarks>");
        this.writer.Line("/// In step t (from 1), g the gradient of the loss by θ:");
        this.writer.Line("/// <code>");
        foreach (var equation in this.equations)
            this.writer.Line($"/// {Text.Xml(equation)}");
        this.writer.Line("/// </code>");
        this.writer.Line($"/// {Text.Xml(this.Traffic())}");
        this.writer.Line($"/// {Text.Xml(BiasText.Sentence(this.bias))}");
        foreach (var sentence in StateText.Sentences(this.declaration.State))
            this.writer.Line($"/// {Text.Xml(sentence)}");
        this.writer.Line("/// </remarks>");
    }

    /// <summary>State with a number for each element.</summary>
    private int StateElements => this.StatesOf(TensorExtent.Element);

    private int StatesOf(TensorExtent extent) => this.program.States.Count(s => s.Extent == extent);

    /// <summary>The passes of a step, and that of the point at which one evaluates.</summary>
    private IEnumerable<PassEmitter> AllPasses => this.evaluation is null ? this.passes : this.passes.Append(this.evaluation);

    private int StateRows => this.program.MatrixSlots.Sum(s => s.Slot.StateRows);

    private int StateColumns => this.program.MatrixSlots.Sum(s => s.Slot.StateColumns);

    private string Traffic()
    {
        var count = this.passes.Count;
        var moved = this.passes.Sum(p => p.Body.ElementsRead + p.Body.ElementsWritten);
        var text = $"{Text.Integer(count)} pass{(count == 1 ? "" : "es")} over memory, {Text.Integer(moved)} elements moved and {Text.Integer(this.StateElements)} of state for each element of the parameter";
        var (rows, columns) = (this.StateRows + this.StatesOf(TensorExtent.MatrixRow), this.StateColumns + this.StatesOf(TensorExtent.MatrixColumn));
        if (rows + columns > 0)
            text += $", {Text.Integer(rows)} for each row and {Text.Integer(columns)} for each column";
        if (this.program.CarriedCount > 0)
            text += $", {Text.Integer(this.program.CarriedCount)} carried for each parameter";
        var products = this.program.Schedule.Steps.OfType<MatrixStep>().Count();
        return text + (products > 0 ? $"; {Text.Integer(products)} matrix step{(products == 1 ? "" : "s")} besides." : ".");
    }

    private string Cost()
    {
        var bodies = this.passes.Select(p => p.Body).ToList();
        return "new() { "
            + $"StateElements = {Text.Integer(this.StateElements)}, "
            + (this.StateRows > 0 ? $"StateRows = {Text.Integer(this.StateRows)}, " : "")
            + (this.StateColumns > 0 ? $"StateColumns = {Text.Integer(this.StateColumns)}, " : "")
            + Moved("StateMatrixRows", this.StatesOf(TensorExtent.MatrixRow))
            + Moved("StateMatrixColumns", this.StatesOf(TensorExtent.MatrixColumn))
            + (this.program.CarriedCount > 0 ? $"CarriedNumbers = {Text.Integer(this.program.CarriedCount)}, " : "")
            + $"ElementsRead = {Text.Integer(bodies.Sum(b => b.ElementsRead))}, "
            + $"ElementsWritten = {Text.Integer(bodies.Sum(b => b.ElementsWritten))}, "
            + Moved("ParameterReads", bodies.Sum(b => b.ElementsReadOf(TensorRole.Parameter)))
            + Moved("ParameterWrites", bodies.Sum(b => b.ElementsWrittenOf(TensorRole.Parameter)))
            + Moved("GradientReads", bodies.Sum(b => b.ElementsReadOf(TensorRole.Gradient)))
            + Moved("StateReads", bodies.Sum(b => b.ElementsReadOf(TensorRole.State)))
            + Moved("StateWrites", bodies.Sum(b => b.ElementsWrittenOf(TensorRole.State)))
            + (StateText.Storage(this.declaration.State) is null ? "" : "Storage = Plan.Storage, ")
            + $"Operations = {Text.Integer(bodies.Sum(b => b.Operations))}, "
            + $"Passes = {Text.Integer(bodies.Count)}, "
            + $"MatrixStages = {Text.Integer(this.program.Schedule.Steps.OfType<MatrixStep>().Count())} }}";
    }

    private static string Moved(string figure, int count) => count == 0 ? "" : $"{figure} = {Text.Integer(count)}, ";

    private void EmitPlan()
    {
        this.writer.Line("/// <summary>What a step does, in order.</summary>");
        using (this.writer.Open("private static readonly global::OptBias.Kernels.UpdatePlan Plan = new()", "};"))
        {
            this.writer.Line($"Name = {Text.Quote(this.declaration.Name)},");
            this.writer.Line($"Fingerprint = {Text.Quote(ProgramFingerprint.Of(this.program, this.declaration.State))},");
            if (this.AllPasses.Any())
                this.writer.Line("Cuda = Cuda,");
            HyperparameterText.WriteArray(this.writer, this.program.Hyperparameters);
            if (StateText.Storage(this.declaration.State) is { } storage)
                this.writer.Line($"Storage = {storage},");
            this.EmitNames("States", this.program.States.Select(s => s.Name));
            this.EmitExtents("StateExtents", this.program.States);
            this.EmitNames("Workspaces", this.program.Schedule.Workspaces.Select(s => s.Name));
            this.EmitExtents("WorkspaceExtents", this.program.Schedule.Workspaces);
            this.EmitMatrices();
            if (this.program.Sums.Count > 0)
                this.writer.Line($"Sums = new[] {{ {string.Join(", ", this.program.Sums.Select(s => "global::OptBias.Kernels.SumReach." + s.Scope))} }},");
            if (this.program.Carried is { } carried)
                this.writer.Line($"Carried = new({Text.Integer(carried.Index)}, {Text.Integer(this.program.CarriedCount)}, Carry),");
            using (this.writer.Open("Steps = new global::OptBias.Kernels.PlanStep[]", "},"))
            {
                foreach (var step in this.program.Schedule.Steps)
                    this.EmitStep(step);
            }

            if (this.evaluation is not null)
            {
                this.writer.Line("// Between steps.");
                this.EmitPass(this.evaluation, "Evaluation = ");
            }
        }
    }

    /// <summary>The calls that hand numbers to the next step, each once.</summary>
    private List<Expression> Carrying => this.passes.SelectMany(pass => pass.Carrying).GroupBy(e => e.PerStep).Select(calls => calls.First()).ToList();

    /// <summary>What the next step gets of this one's sums.</summary>
    private void EmitCarry()
    {
        if (this.program.Carried is null)
            return;
        var calls = this.Carrying;
        var host = new HostPrinter { NameOf = e => e.Operation == Operation.Sum ? $"sums[{Text.Integer(this.program.Sums.IndexOf(e))}]" : null };
        var parts = calls.Concat(calls.SelectMany(call => call.Operands)).ToList();
        var (read, changed) = PassEmitter.Carried(parts);
        this.writer.Line();
        this.writer.Line("/// <summary>Hands numbers to the next step, when all sums of this one are known; they stand behind the sums.</summary>");
        using (this.writer.Open("private static void Carry(global::System.ReadOnlySpan<double> h, long t, global::OptBias.Kernels.TensorShape shape, global::System.Span<double> sums)"))
        {
            foreach (var hyperparameter in parts.Where(e => e.Operation == Operation.Hyper).Select(e => e.Hyperparameter).Distinct().OrderBy(h => h.Index))
                this.writer.Line($"var {hyperparameter.Symbol.Identifier} = h[{Text.Integer(hyperparameter.Index)}];");
            foreach (var number in read)
                this.writer.Line($"var {HostPrinter.Before(number)} = sums[{Text.Integer(this.program.Sums.Count + number.Index)}];");
            foreach (var number in changed)
                this.writer.Line($"var {HostPrinter.After(number)} = sums[{Text.Integer(this.program.Sums.Count + number.Index)}];");
            foreach (var call in calls)
                this.writer.Line($"{host.Define(call)};");
            foreach (var number in changed)
                this.writer.Line($"sums[{Text.Integer(this.program.Sums.Count + number.Index)}] = {HostPrinter.After(number)};");
        }
    }

    /// <summary>The passes for a GPU. A constant, so that it is there whether or not a GPU is.</summary>
    private void EmitCuda()
    {
        if (!this.AllPasses.Any())
            return;
        this.writer.Line();
        this.writer.Line("/// <summary>The same passes as CUDA C.</summary>");
        this.writer.Line("private const string Cuda =");
        using (this.writer.Indent())
        {
            this.writer.Line("\"\"\"");
            CudaEmitter.Emit(this.writer, this.declaration, this.equations, [.. this.AllPasses]);
            this.writer.Line("\"\"\";");
        }
    }

    private void EmitNames(string property, IEnumerable<string> names)
    {
        var list = names.Select(Text.Quote).ToList();
        if (list.Count > 0)
            this.writer.Line($"{property} = new[] {{ {string.Join(", ", list)} }},");
    }

    private void EmitExtents(string property, IReadOnlyList<TensorSlot> tensors)
    {
        if (tensors.Any(t => t.Extent != TensorExtent.Element))
            this.writer.Line($"{property} = new[] {{ {string.Join(", ", tensors.Select(t => $"global::OptBias.Kernels.TensorExtent.{t.Extent}"))} }},");
    }

    private void EmitMatrices()
    {
        if (this.program.MatrixSlots.Count == 0)
            return;
        using (this.writer.Open("Matrices = new global::OptBias.Kernels.MatrixSlot[]", "},"))
        {
            foreach (var (slot, _, _) in this.program.MatrixSlots)
            {
                if (slot.Gate is null)
                {
                    this.writer.Line($"new({Text.Quote(slot.Name)}, static (parameter, name) => {slot.Create}),");
                    continue;
                }

                this.writer.Line($"new({Text.Quote(slot.Name)}, static (parameter, name) => {slot.Create})");
                using (this.writer.Open("", "},"))
                {
                    using (this.writer.Open("Gate = static (state, gradient, h) =>", "},"))
                    {
                        this.EmitHyperparameters(slot, slot.Gate);
                        this.writer.Line($"return {slot.Gate};");
                    }
                }
            }
        }
    }

    /// <summary>Declares the hyperparameters of a slot that a text names.</summary>
    private void EmitHyperparameters(MatrixSlot? slot, string text)
    {
        foreach (var name in slot?.Hyperparameters ?? [])
        {
            var h = this.program.Hyperparameters.Single(p => p.Name == name);
            if (Text.HasWord(text, h.Symbol.Identifier))
                this.writer.Line($"var {h.Symbol.Identifier} = h[{Text.Integer(h.Index)}];");
        }
    }

    private void EmitPass(PassEmitter emitter, string target = "")
    {
        var body = emitter.Body;
        using (this.writer.Open($"{target}global::OptBias.Kernels.PassStep.Of<{emitter.Name}>(new()", "}),"))
        {
            this.writer.Line($"Tensors = new{(body.Tensors.Count == 0 ? " int" : "")}[] {{ {string.Join(", ", body.Tensors.Select(t => this.Reference(t.Slot)))} }},");
            if (body.Pass.Extent != TensorExtent.Element)
                this.writer.Line($"Extent = global::OptBias.Kernels.TensorExtent.{body.Pass.Extent.ToString()},");
            if (body.Stores.Count > 0)
                this.writer.Line($"Writes = new[] {{ {string.Join(", ", body.Stores.Select(s => Text.Integer(s.Target.Index)))} }},");
            if (body.Reads.Count < body.Tensors.Count)
                this.writer.Line($"OnlyWrites = new[] {{ {string.Join(", ", body.Tensors.Where(t => !t.IsRead).Select(t => Text.Integer(t.Index)))} }},");
            if (body.Pass.Sums.Count > 0)
                this.writer.Line($"Sums = new[] {{ {string.Join(", ", body.Pass.Sums.Select(s => Text.Integer(this.program.Sums.IndexOf(s.Result))))} }},");
            this.writer.Line($"Kernel = {Text.Quote(CudaEmitter.KernelName(this.declaration, emitter))},");
            this.writer.Line($"Scalars = {Text.Integer(body.Scalars.Count)},");
            if (body.ScalarExponents.Count > 0)
                this.writer.Line($"Exponents = new[] {{ {string.Join(", ", body.ScalarExponents.Select(Text.Integer))} }},");
            if (body.HasOtherPowers)
                this.writer.Line("HasOtherPowers = true,");
            this.writer.Line($"DependsOnTensor = {(body.DependsOnTensor ? "true" : "false")},");
        }
    }

    private void EmitStep(ScheduledStep step)
    {
        if (step is ElementwisePass pass)
        {
            this.EmitPass(this.passes[pass.Number - 1]);
        }
        else if (step is MatrixStep matrix)
        {
            var place = matrix.Stage.Slot is { } slot ? Text.Integer(slot.Index) : "null";
            using (this.writer.Open($"new global::OptBias.Kernels.MatrixPlanStep({place}, {this.Reference(matrix.Input)}, {this.Reference(matrix.Other)}, {this.Reference(matrix.Output)}, static (state, input, other, output, t, h, work) =>", matrix.Stage.Statistics is null ? "})," : "})"))
            {
                this.EmitHyperparameters(matrix.Stage.Slot, matrix.Stage.Apply);
                this.writer.Line(matrix.Stage.Apply);
            }

            if (matrix.Stage.Statistics is { } statistics)
            {
                using (this.writer.Open("", "},"))
                using (this.writer.Open("Statistics = static (state, gradient, t, h, work) =>", "},"))
                {
                    this.EmitHyperparameters(matrix.Stage.Slot, statistics);
                    this.writer.Line(statistics);
                }
            }
        }
        else if (step is FinishStep finish)
        {
            var followers = string.Join(", ", finish.Slot.Followers.Select(this.Reference));
            using (this.writer.Open($"new global::OptBias.Kernels.FinishPlanStep({Text.Integer(finish.Slot.Slot.Index)}, {this.Reference(finish.Gradient)}, new int[] {{ {followers} }}, static (state, gradient, followers, t, h, work) =>", "}),"))
            {
                this.EmitHyperparameters(finish.Slot.Slot, finish.Slot.Slot.Finish!);
                this.writer.Line(finish.Slot.Slot.Finish!);
            }
        }
    }

    /// <summary>A tensor by its place among the tensors of one parameter: θ, g, state, workspace.</summary>
    private string Reference(TensorSlot tensor) => Text.Integer(this.places[tensor]);
}
