using OptBias.Generators.Declarations;
using OptBias.Generators.Programs;

namespace OptBias.Generators.Bias;

/// <summary>Infers the bias of an optimizer from its program.</summary>
internal static class BiasInference
{
    private static readonly Axis[] Axes = [Axis.Elements, Axis.Rows, Axis.Columns];

    /// <summary>The generators of the groups: a rotation is any orthogonal map.</summary>
    private static readonly Maps[] Generators = [Maps.Signs, Maps.Permutations, Maps.Rotations];

    public static DerivedBias Infer(UpdateProgram program) => Infer(program, BehaviourTable.Default);

    /// <summary>The bias by another table: a test shows with it that every row is needed.</summary>
    public static DerivedBias Infer(UpdateProgram program, BehaviourTable table)
    {
        var (limit, zeroed) = LimitOf(program, table);
        var answers = new Answers(limit);
        var holding = answers.Holding.ToList();
        return answers.Bias() with
        {
            JudgedAtZero = zeroed.Select(h => h.Name).ToEquatableArray(),
            Limits = zeroed.SelectMany(h => Broken(program, table, holding, zeroed, h)).ToEquatableArray(),
        };
    }

    /// <summary>The answers alone, without what breaks them.</summary>
    public static DerivedBias Claims(UpdateProgram program, BehaviourTable table) => new Answers(LimitOf(program, table).Limit).Bias();

    /// <summary>The limit in which a program is judged, and what is zero there.</summary>
    private static (Readings Limit, List<ProgramHyperparameter> Zeroed) LimitOf(UpdateProgram program, BehaviourTable table)
    {
        Readings Where(Func<ProgramHyperparameter, bool> isZero) => new(LimitProgram.Of(program, isZero), table);

        var zeroed = program.Hyperparameters.Where(h => h.Vanishes).ToList();
        var limit = Where(zeroed.Contains);

        // Some rules move only because of an epsilon; such are judged with it.
        if (limit.IsStill && zeroed.Find(h => !Where(other => other != h && other.Vanishes).IsStill) is { } needed)
        {
            zeroed.Remove(needed);
            limit = Where(zeroed.Contains);
        }

        return (limit, zeroed);
    }

    /// <summary>What a hyperparameter breaks where it alone is not zero.</summary>
    private static IEnumerable<BiasNote> Broken(UpdateProgram program, BehaviourTable table, List<string> holding, List<ProgramHyperparameter> zeroed, ProgramHyperparameter hyperparameter)
    {
        var without = new Answers(new(LimitProgram.Of(program, h => h != hyperparameter && zeroed.Contains(h)), table));
        return holding.Where(without.Fails).Select(property => new BiasNote(property, hyperparameter.Name));
    }

    /// <summary>A property, how the step behaves, and the behaviour with which the property holds.</summary>
    private sealed record Question(string Property, Func<Behaviour> Ask, BehaviourKind Wanted)
    {
        public Answer Answer => this.Ask() is var seen && (seen.Kind == this.Wanted || seen.IsZero) ? Answer.Yes : seen.Kind == BehaviourKind.Unknown ? Answer.Unknown : Answer.No;
    }

    /// <summary>The answers for one limit. Nothing is read off the program before it is asked for.</summary>
    private sealed class Answers
    {
        private readonly Readings readings;
        private readonly Split? split;
        private readonly StepSize step;
        private readonly List<Question> questions = [];

        public Answers(Readings readings)
        {
            this.readings = readings;
            var (program, update) = (readings.Program, readings.Program.Update);

            // In another coordinate the same step has another length and direction, by where it is.
            var isPlain = program.Position.Operation == Operation.Load;
            var parts = isPlain ? Split.Of(update) : null;
            this.step = isPlain ? StepSize.Of(update, parts?.Length) : StepSize.None;

            // A length that is a number has no symmetry of its own.
            this.split = parts is null || !double.IsNaN(parts.Length.Number()) ? null : parts;
            for (var place = 0; place < SymmetryAnswers.Names.Count; place++)
                this.AddSymmetry(SymmetryAnswers.Names[place], Axes[place / Generators.Length], Generators[place % Generators.Length]);
            this.Add("degree", () => readings.Degree.Of(update), BehaviourKind.Number);
            this.Add("sees no units", () => readings.Units.Of(update) is { Kind: BehaviourKind.Number, Number: not 0 } ? Behaviour.None(null, "the step has the unit of the gradient") : readings.Units.Of(update), BehaviourKind.Number);
            this.Add("sees no origin", () => readings.Origin.Parameter, BehaviourKind.Shifted);
        }

        /// <summary>The properties that hold.</summary>
        public IEnumerable<string> Holding => this.questions.Where(question => question.Answer == Answer.Yes).Select(question => question.Property);

        /// <summary>The answers as they are told.</summary>
        public DerivedBias Bias()
        {
            var text = new ReasonText();
            var degree = this.readings.Degree.Of(this.readings.Program.Update);
            return new DerivedBias
            {
                HasDegree = this.Of("degree"),
                Degree = degree.Kind == BehaviourKind.Number ? degree.Number : double.NaN,
                SeesNoUnits = this.Of("sees no units"),
                Symmetries = this.Symmetries(""),
                Direction = this.split is null ? null : this.Symmetries("direction."),
                Length = this.split is null ? null : this.Symmetries("length."),
                SeesNoOrigin = this.Of("sees no origin"),
                KeepsSigns = this.KeepsSigns(),
                Step = this.step,
                LargestSide = this.readings.Program.LargestSide,
                JudgedAtZero = EquatableArray<string>.Empty,
                Reasons = this.questions.Where(question => question.Answer == Answer.No)
                    .Select(question => new BiasNote(question.Property, text.Of(question.Ask())))
                    .ToEquatableArray(),
            };
        }

        /// <summary>Whether a property is asked for, and is not known to hold: a rule with decay has no length that is set apart.</summary>
        public bool Fails(string property) => this.questions.Find(question => question.Property == property) is { } asked && asked.Answer != Answer.Yes;

        private Answer Of(string property) => this.questions.Find(question => question.Property == property).Answer;

        private SymmetryAnswers Symmetries(string part) => new(SymmetryAnswers.Names.Select(name => this.Of(part + name)).ToList());

        private void Add(string property, Func<Behaviour> ask, BehaviourKind wanted) => this.questions.Add(new(property, ask, wanted));

        private void AddSymmetry(string name, Axis axis, Maps maps)
        {
            Behaviour Read(Expression e) => this.readings.Symmetry(axis, maps).Of(e);

            if (this.split is not { } parts)
            {
                this.Add(name, () => Read(this.readings.Program.Update), BehaviourKind.Odd);
                return;
            }

            // The whole is mapped where both of its parts are.
            Behaviour Whole() => Read(parts.Direction) is { Kind: not BehaviourKind.Odd } lost ? lost : Read(parts.Length).Kind == BehaviourKind.Same ? Read(parts.Direction) : Read(parts.Length);
            this.Add(name, Whole, BehaviourKind.Odd);
            this.Add("direction." + name, () => Read(parts.Direction), BehaviourKind.Odd);
            this.Add("length." + name, () => Read(parts.Length), BehaviourKind.Same);
        }

        /// <summary>Zero is never reached where the velocity vanishes at least as fast as the position. A flow that reaches it may stay there or go on.</summary>
        private Answer KeepsSigns()
        {
            var (update, position) = (this.readings.Zero.Of(this.readings.Program.Update), this.readings.Zero.Of(this.readings.Program.Position));
            if (update.Kind != BehaviourKind.Number || position is not { Kind: BehaviourKind.Number, Number: > 0 })
                return Answer.Unknown;
            var order = update.Number / position.Number;
            return order >= 1 - 1e-9 ? Answer.Yes : order == 0 ? Answer.No : Answer.Unknown;
        }
    }
}
