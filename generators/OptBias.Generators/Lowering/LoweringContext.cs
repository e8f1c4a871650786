using System.Collections.Immutable;
using OptBias.Generators.Bias;
using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Lowering;

/// <summary>
/// What a stage sees and changes while a declaration is lowered: the signals of the current coordinates, the state and the
/// hyperparameters of the program under construction.
/// </summary>
internal sealed class LoweringContext
{
    private readonly List<ProgramHyperparameter> hyperparameters = new();
    private readonly List<TensorSlot> states = new();
    private readonly List<Store> stores = new();
    private readonly List<ProgramMatrixSlot> matrixSlots = new();
    private readonly List<CarriedNumber> carried = new();
    private readonly List<Func<Expression, Expression>> carriesBack = new();
    private readonly Stack<Rotation> rotations = new();
    private readonly List<Expression> afterStepFactors = new();
    private readonly UserNames names;
    private readonly StageTrace? trace;
    private Expression parameter;
    private Expression? point;

    private LoweringContext(OptimizerDeclaration declaration, StageTrace? trace)
    {
        this.trace = trace;
        this.names = new UserNames(declaration);
        this.parameter = this.Graph.Load(TensorSlot.Parameter);
        this.Gradient = this.Graph.Load(TensorSlot.Gradient);
        this.Update = this.Gradient;
        this.PreconditionerInput = this.Gradient;
        this.LearningRate = this.AddHyperparameter(HyperparameterDeclaration.LearningRate(declaration.LearningRate), "lr");
    }

    public ExpressionGraph Graph { get; } = new();

    /// <summary>θ in the current coordinates. In rotated ones it costs a product, which only stages that need it ask for.</summary>
    public Expression Parameter => this.rotations.Reverse().Aggregate(this.parameter, (theta, rotation) => rotation.CarryIn(theta));

    /// <summary>g in the current coordinates.</summary>
    public Expression Gradient { get; private set; }

    /// <summary>The update signal u: what the learning rate will multiply.</summary>
    public Expression Update { get; set; }

    /// <summary>u as it entered the nearest preconditioner above: what a grafted method works on.</summary>
    public Expression PreconditionerInput { get; set; }

    /// <summary>The step at which the nearest preconditioner above begins to act; 1 where it acts from the start.</summary>
    public int PreconditionerStart { get; set; } = 1;

    /// <summary>The Kronecker preconditioner whose result the signal is, so that a graft can rescale it block by block.</summary>
    public MatrixSlot? KroneckerSlot { get; set; }

    /// <summary>State of the user's methods so far, by its name in state dicts.</summary>
    public Dictionary<string, Expression> Kept { get; } = new(StringComparer.Ordinal);

    public Expression LearningRate { get; }

    /// <summary>The step count t, from 1.</summary>
    public Expression Step => this.Graph.Step();

    /// <summary>Whether no stage has yet turned the gradient into something else.</summary>
    public bool UpdateIsGradient => this.Update == this.Gradient;

    /// <param name="declaration">A clean declaration with stages.</param>
    /// <param name="trace">Learns what each stage hands on; a program with a trace is for asking, not for printing.</param>
    public static UpdateProgram Lower(OptimizerDeclaration declaration, StageTrace? trace = null)
    {
        var context = new LoweringContext(declaration, trace);
        foreach (var stage in declaration.Stages)
        {
            foreach (var hyperparameter in stage.Hyperparameters)
                context.AddHyperparameter(hyperparameter, stage.Qualify(hyperparameter.Name), stage.Name);
        }

        var isHead = true;
        context.LowerGradients(declaration.Stages, 0, isHead);
        for (var i = 0; i < declaration.Stages.Count; i++)
        {
            var stage = declaration.Stages[i];
            if (declaration.Stages.Skip(i).All(s => s.CommutesWithRotations))
                context.LeaveRotations();
            context.Traced(i, stage.Lower);
            isHead = (isHead || stage.MustComeFirst) && (stage.ActsOnGradient || stage.IsCoordinateChange);
            if (stage.MustComeFirst || (isHead && stage.ClipsGradient))
                context.LowerGradients(declaration.Stages, i + 1, isHead);
        }

        context.LeaveRotations();

        return context.Finish();
    }

    /// <summary>A hyperparameter of the stage, by its plain name.</summary>
    public Expression Hyper(Stage stage, string name)
    {
        var declared = stage.Hyperparameters.Single(h => h.Name == name);
        return this.AddHyperparameter(declared, stage.Qualify(name), stage.Name);
    }

    /// <summary>A number that a step of a parameter hands to the next.</summary>
    /// <param name="stage">The stage whose methods know it.</param>
    /// <param name="parameter">Its name in C#.</param>
    /// <param name="place">Its place among the parameters of the method that changes it; -1 where it is read.</param>
    public CarriedNumber Carried(Stage stage, string parameter, int place = -1)
    {
        var name = stage.Qualify(Naming.ToSnakeCase(parameter));
        if (this.carried.Find(known => known.Name == name) is not { } number)
        {
            var symbol = UserSymbols.Of(parameter).For(stage.Name);
            while (!this.names.TryTake(symbol))
                symbol = new(symbol.Identifier + "_", symbol.Unicode + "′", symbol.Latex + "'");
            this.carried.Add(number = new(name, symbol, this.carried.Count, -1));
        }

        return number with { Place = place };
    }

    private bool KnowsHyper(string name) => PerStepReader.Find([.. this.hyperparameters.Select(h => h.Name)], name) is not null;

    /// <summary>A hyperparameter of any stage, as a parameter of a <c>[PerStep]</c> method writes it.</summary>
    public Expression HyperByName(string name)
    {
        var known = this.hyperparameters.Select(h => h.Name).ToList();
        return this.Graph.Hyper(this.hyperparameters.Single(h => h.Name == PerStepReader.Find(known, name)));
    }

    /// <summary>The number that a <c>[PerStep]</c> method returns in this step.</summary>
    /// <param name="stage">The stage that asks; its own hyperparameters come before those of others.</param>
    /// <param name="call">The method, and what its parameters are.</param>
    /// <param name="name">What formulas call it.</param>
    /// <param name="sum">Lowers a sum among the arguments.</param>
    public Expression PerStep(Stage stage, PerStepCall call, string name, Func<ElementInput, Expression>? sum = null)
    {
        var own = stage.Hyperparameters.Select(h => h.Name).ToList();
        var carried = call.Carried.Select(number => this.Carried(stage, number, call.Arguments.ToList().IndexOf(number))).ToEquatableArray();
        var arguments = call.Arguments.Where(argument => !call.Carried.Contains(argument)).Select(argument =>
            argument == PerStepReader.Step ? this.Step
            : PerStepReader.Find(own, argument) is { } mine ? this.Hyper(stage, mine)
            : call.Sums.FirstOrDefault(asked => asked.Name == argument) is { } asked ? sum!(asked)
            : call.Reads.Contains(argument) ? this.Graph.Carried(this.Carried(stage, argument))
            : SumReader.Shapes.TryGetValue(argument, out var shape) && !this.KnowsHyper(argument) ? this.Graph.Shape(shape)
            : this.HyperByName(argument));
        return this.Graph.PerStep(new PerStepFunction(call.Method, name, call.Body) { Carried = carried }, arguments.ToImmutableArray()).Named(UserSymbols.Spelled(name));
    }

    /// <summary>A sum that a user's method takes, under its name.</summary>
    public Expression SumByUser(Expression term, SumScope scope, Symbol symbol)
    {
        var sum = this.Graph.Sum(term, scope);
        return sum.Symbol is not null || !this.names.TryTake(symbol) ? sum : sum.Named(symbol);
    }

    /// <summary>A sum of each row or column that a user's method takes, under its name.</summary>
    public Expression AxisSumByUser(Stage stage, Expression term, TensorExtent extent, string name)
    {
        var (symbol, isRows) = (UserSymbols.Of(name), extent == TensorExtent.MatrixRow);
        var sum = this.Graph.Matrix(
            new MatrixStage
            {
                Name = stage.Qualify(Naming.ToSnakeCase(name)),
                Extent = extent,
                Apply = $"global::OptBias.LinearAlgebra.AxisSums.{(isRows ? "EachRow" : "EachColumn")}(input, output);",
                Behaviour = new()
                {
                    InputDegree = 1,
                    ReadsOther = false,
                    Elements = Maps.None,
                    Rows = isRows ? Maps.Rotations : Maps.None,
                    Columns = isRows ? Maps.None : Maps.Rotations,
                    Sums = isRows ? Axis.Columns : Axis.Rows,
                    Why = $"the elements of each {(isRows ? "row" : "column")} are added up",
                },
                Result = isRows ? new("Σⱼ({0})", "\\sum_j ({0})") : new("Σᵢ({0})", "\\sum_i ({0})"),
            },
            term,
            term);
        return sum.Symbol is not null || !this.names.TryTake(symbol) ? sum : sum.Named(symbol);
    }

    /// <summary>√(Σ x² / elements) over one tensor.</summary>
    public Expression RootMeanSquare(Expression x) =>
        (this.Graph.Sum(x * x, SumScope.Tensor) / this.Graph.Shape(ShapeNumber.Elements)).Sqrt();

    /// <summary>Gives a value the name of the user's variable, where nothing else has that name.</summary>
    public Expression NamedByUser(Expression value, Symbol symbol) =>
        value.IsUniform() || value.IsCondition() || value.Operation == Operation.Load || value.Symbol is not null || !this.names.TryTake(symbol) ? value : value.Named(symbol);

    /// <summary>A tensor of state of the stage, as it was before the step.</summary>
    public Expression State(Stage stage, string name, Symbol symbol, TensorExtent extent = TensorExtent.Element)
    {
        var slot = this.names.Distinct(new TensorSlot(TensorRole.State, stage.Qualify(name), symbol.For(stage.Name), extent), this.states, stage);
        this.states.Add(slot);
        this.trace?.Keeps(stage, name, slot);
        return this.Graph.Load(slot);
    }

    /// <summary>Says what a tensor of state becomes; returns its new value.</summary>
    public Expression Store(Expression state, Expression value)
    {
        this.stores.Add(new Store(state.Tensor, value));
        return value;
    }

    /// <summary>What a matrix stage keeps for each parameter; its texts may name the stage's hyperparameters, and <paramref name="others"/>.</summary>
    public MatrixSlot MatrixSlot(Stage stage, string name, string create, EquatableArray<Formula> equations, string? gate = null, string? finish = null, IEnumerable<string>? others = null, int stateRows = 0, int stateColumns = 0)
    {
        var slot = new MatrixSlot
        {
            Index = this.matrixSlots.Count,
            Name = stage.Qualify(name),
            Create = create,
            Equations = equations,
            Hyperparameters = stage.Hyperparameters.Select(h => stage.Qualify(h.Name)).Concat(others ?? []).Distinct().ToEquatableArray(),
            Gate = gate,
            Finish = finish,
            StateRows = stateRows,
            StateColumns = stateColumns,
        };
        this.matrixSlots.Add(new ProgramMatrixSlot(slot, finish is null ? null : this.Gradient, []));
        return slot;
    }

    /// <summary>Adds a matrix stage; returns its result.</summary>
    public Expression Matrix(MatrixStage stage, Expression input, Expression other)
    {
        if (!stage.IsLinear)
            return this.Graph.Matrix(stage, input, other);

        // A factor that is the same for all elements goes around a linear stage: what is left of the input is then often a
        // tensor of state that is in memory anyway.
        Expression Of(Expression bare) => this.Graph.Matrix(stage, bare, other == input ? bare : other);
        return input switch
        {
            { Operation: Operation.Divide } when input.Operands[1].IsUniform() => Of(input.Operands[0]) / input.Operands[1],
            { Operation: Operation.Multiply } when input.Operands[0].IsUniform() => input.Operands[0] * Of(input.Operands[1]),
            _ => Of(input),
        };
    }

    /// <summary>The update signal under a name of its own (u₁, u₂, ...), for a stage that reads it more than once.</summary>
    public Expression NamedUpdate()
    {
        if (this.Update.Symbol is not null || this.Update.Operands.IsEmpty || this.Update.IsUniform())
            return this.Update;
        for (var k = 1; ; k++)
        {
            var number = k.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var symbol = new Symbol("u" + number, "u" + string.Concat(number.Select(digit => (char)('₀' + (digit - '0')))), $"u_{{{number}}}");
            if (this.names.TryTake(symbol))
                return this.Update.Named(symbol);
        }
    }

    /// <summary>Changes the gradient itself, and the signal with it: what clipping and an L2 term do before any other stage.</summary>
    public void ReplaceGradient(Expression gradient)
    {
        if (this.UpdateIsGradient)
            this.Update = gradient;
        this.Gradient = gradient;
    }

    /// <summary>Opens coordinates: the parameter and gradient there, and the way back for the parameter.</summary>
    public void EnterCoordinates(Expression parameter, Expression gradient, Func<Expression, Expression> carryBack)
    {
        this.parameter = parameter;
        this.Gradient = gradient;
        this.Update = gradient;
        this.PreconditionerInput = gradient;
        this.carriesBack.Add(carryBack);
    }

    /// <summary>Opens rotated coordinates: gradient and signal there, the way into them and the way back.</summary>
    public void EnterRotation(MatrixSlot slot, Expression gradient, Expression update, Func<Expression, Expression> carryIn, Func<Expression, Expression> carryBack)
    {
        this.rotations.Push(new Rotation(slot, this.Gradient, carryIn, carryBack));
        this.Gradient = gradient;
        this.Update = update;
        this.PreconditionerInput = update;
    }

    /// <summary>Says that a tensor of state lives in the current coordinates, and must move when they do.</summary>
    public void Follow(Expression state)
    {
        foreach (var rotation in this.rotations)
        {
            var place = this.matrixSlots.FindIndex(s => s.Slot == rotation.Slot);
            this.matrixSlots[place] = this.matrixSlots[place] with { Followers = [.. this.matrixSlots[place].Followers, state.Tensor] };
        }
    }

    /// <summary>Says at which point of the current coordinates one evaluates.</summary>
    public void EvaluateAt(Expression value) => this.point = value;

    /// <summary>Multiplies the parameter of the current coordinates by a factor once the step has been taken.</summary>
    public void ScaleAfterStep(Expression factor) => this.afterStepFactors.Add(factor);

    /// <summary>1 − βᵗ, the weight that an average has gathered after t steps.</summary>
    public Expression GatheredWeight(Expression beta, string identifier) =>
        (1 - beta.Power(this.Step)).Named(new(identifier, identifier, identifier));

    /// <summary>Lets a stage act, and marks what it has changed where somebody asks.</summary>
    private void Traced(int stage, Action<LoweringContext> lower)
    {
        var (update, gradient, theta, factors) = (this.Update, this.Gradient, this.parameter, this.afterStepFactors.Count);
        lower(this);
        if (this.trace is null)
            return;
        this.Update = this.trace.Mark(stage, update, this.Update);
        this.Gradient = this.trace.Mark(stage, gradient, this.Gradient);
        this.parameter = this.trace.Mark(stage, theta, this.parameter);
        for (var k = factors; k < this.afterStepFactors.Count; k++)
            this.afterStepFactors[k] = this.trace.Mark(stage, null, this.afterStepFactors[k]);
        this.trace.Acted(stage, this.Update, this.Gradient);
    }

    private Expression AddHyperparameter(HyperparameterDeclaration declared, string name, string? stageName = null)
    {
        var known = this.hyperparameters.FirstOrDefault(h => h.Name == name);
        if (known is null)
        {
            known = new ProgramHyperparameter(
                name, declared.Default, declared.Range, this.names.Distinct(name, declared.Symbol.For(stageName)), declared.Description, this.hyperparameters.Count)
            { Vanishes = declared.Vanishes };
            this.hyperparameters.Add(known);
        }

        return this.Graph.Hyper(known);
    }

    private void LeaveRotations()
    {
        while (this.rotations.Count > 0)
        {
            var rotation = this.rotations.Pop();
            var isGradient = this.UpdateIsGradient;
            this.Update = rotation.CarryBack(this.Update);
            this.Gradient = isGradient ? this.Update : rotation.OuterGradient;
        }
    }

    /// <summary>
    /// Lets stages act on the gradient before any stage makes an update of it. Where clips of the gradient stand above such a stage
    /// it acts right below the last of them, else at the beginning of its coordinates. A rotation changes no norm, so it opens none.
    /// </summary>
    /// <param name="stages">All stages.</param>
    /// <param name="first">The one below the clip, or the first of the coordinates.</param>
    /// <param name="isHead">Whether the signal is still the gradient there: only then do the clips below clip the gradient.</param>
    private void LowerGradients(EquatableArray<Stage> stages, int first, bool isHead)
    {
        for (var i = first; i < stages.Count && !stages[i].MustComeFirst && !(isHead && stages[i].ClipsGradient); i++)
        {
            this.Traced(i, stages[i].LowerGradient);
            isHead &= stages[i].ActsOnGradient || stages[i].IsCoordinateChange;
        }
    }

    private UpdateProgram Finish()
    {
        var parameter = this.parameter - (this.LearningRate * (this.Update.IsUniform() ? this.Update : this.Update.Named(Symbol.Plain("u"))));
        foreach (var factor in this.afterStepFactors)
            parameter *= factor;
        foreach (var carryBack in Enumerable.Reverse(this.carriesBack))
        {
            parameter = carryBack(parameter);
            this.point = this.point is null ? null : carryBack(this.point);
        }

        this.stores.Add(new Store(TensorSlot.Parameter, parameter));
        return new UpdateProgram(this.hyperparameters, this.states, this.stores, this.matrixSlots, this.Update, this.parameter) { Carried = this.CarriedSlot(), CarriedCount = this.carried.Count, EvaluationPoint = this.point };
    }

    /// <summary>What keeps the carried numbers; null if there are none.</summary>
    private MatrixSlot? CarriedSlot()
    {
        if (this.carried.Count == 0)
            return null;
        var slot = new MatrixSlot
        {
            Index = this.matrixSlots.Count,
            Name = "carried",
            Create = $"new global::OptBias.LinearAlgebra.CarriedNumbers(name, {string.Join(", ", this.carried.Select(number => $"\"{number.Name}\""))})",
            Hyperparameters = EquatableArray<string>.Empty,
        };
        this.matrixSlots.Add(new ProgramMatrixSlot(slot, null, []));
        return slot;
    }

    private sealed record Rotation(
        MatrixSlot Slot, Expression OuterGradient, Func<Expression, Expression> CarryIn, Func<Expression, Expression> CarryBack);
}
