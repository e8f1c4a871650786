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
        var answers = new Answers(limit, table);
        return answers.Bias with
        {
            JudgedAtZero = zeroed.Select(h => h.Name).ToEquatableArray(),
            Limits = zeroed.SelectMany(h => Broken(program, table, answers, zeroed, h)).ToEquatableArray(),
        };
    }

    /// <summary>The answers alone, without what breaks them.</summary>
    public static DerivedBias Claims(UpdateProgram program, BehaviourTable table) => new Answers(LimitOf(program, table).Limit, table).Bias;

    /// <summary>The limit in which a program is judged, and what is zero there.</summary>
    private static (LimitProgram Limit, List<ProgramHyperparameter> Zeroed) LimitOf(UpdateProgram program, BehaviourTable table)
    {
        var zeroed = program.Hyperparameters.Where(h => h.Vanishes).ToList();
        var limit = LimitProgram.Of(program, zeroed.Contains);

        // Some rules move only because of an epsilon; such are judged with it.
        if (limit.IsStill(table) && zeroed.Find(h => !LimitProgram.Of(program, other => other != h && other.Vanishes).IsStill(table)) is { } needed)
        {
            zeroed.Remove(needed);
            limit = LimitProgram.Of(program, zeroed.Contains);
        }

        return (limit, zeroed);
    }

    /// <summary>Whether nothing moves: the update is zero in every step.</summary>
    private static bool IsStill(this LimitProgram program, BehaviourTable table) => new DegreeReading(program, table).Of(program.Update).IsZero;

    /// <summary>What a hyperparameter breaks where it alone is not zero.</summary>
    private static IEnumerable<BiasNote> Broken(UpdateProgram program, BehaviourTable table, Answers all, List<ProgramHyperparameter> zeroed, ProgramHyperparameter hyperparameter)
    {
        var without = new Answers(LimitProgram.Of(program, h => h != hyperparameter && zeroed.Contains(h)), table);
        return all.Holding.Where(property => without.Asked.Contains(property) && !without.Holding.Contains(property)).Select(property => new BiasNote(property, hyperparameter.Name));
    }

    /// <summary>The answers for one limit.</summary>
    private sealed class Answers
    {
        private readonly List<BiasNote> reasons = [];
        private readonly HashSet<string> holding = new(StringComparer.Ordinal);
        private readonly HashSet<string> asked = new(StringComparer.Ordinal);
        private readonly ReasonText text = new();

        public Answers(LimitProgram program, BehaviourTable table)
        {
            var update = program.Update;
            var degree = new DegreeReading(program, table).Of(update);
            var units = new DegreeReading(program, table, byElement: true).Of(update);

            // In another coordinate the same step has another length and direction, by where it is.
            var isPlain = program.Position.Operation == Operation.Load;
            var split = isPlain ? Split.Of(update) : null;
            var step = isPlain ? StepSize.Of(update, split?.Length) : StepSize.None;

            // A length that is a number has no symmetry of its own.
            split = split is null || !double.IsNaN(split.Length.Number()) ? null : split;
            var (whole, direction, length) = (new List<Answer>(), new List<Answer>(), new List<Answer>());
            foreach (var axis in Axes)
            {
                foreach (var maps in Generators)
                {
                    var reading = new SymmetryReading(program, table, axis, maps);
                    var name = SymmetryAnswers.Names[whole.Count];
                    if (split is null)
                    {
                        whole.Add(this.Judge(name, reading.Of(update), BehaviourKind.Odd));
                        continue;
                    }

                    // The whole is mapped where both of its parts are.
                    var (ofDirection, ofLength) = (reading.Of(split.Direction), reading.Of(split.Length));
                    whole.Add(this.Judge(name, ofDirection.Kind == BehaviourKind.Odd ? ofLength : ofDirection, ofDirection.Kind == BehaviourKind.Odd ? BehaviourKind.Same : BehaviourKind.Odd));
                    direction.Add(this.Judge("direction." + name, ofDirection, BehaviourKind.Odd));
                    length.Add(this.Judge("length." + name, ofLength, BehaviourKind.Same));
                }
            }

            this.Bias = new DerivedBias
            {
                HasDegree = this.Judge("degree", degree, BehaviourKind.Number),
                Degree = degree.Kind == BehaviourKind.Number ? degree.Number : double.NaN,
                SeesNoUnits = units.Kind == BehaviourKind.Number && units.Number != 0
                    ? this.No("sees no units", "the step has the unit of the gradient")
                    : this.Judge("sees no units", units, BehaviourKind.Number),
                Symmetries = new(whole),
                Direction = split is null ? null : new(direction),
                Length = split is null ? null : new(length),
                SeesNoOrigin = this.Judge("sees no origin", new OriginReading(program, table).Parameter, BehaviourKind.Shifted),
                KeepsSigns = KeepsSigns(new ZeroReading(program, table), program),
                Step = step,
                LargestSide = program.LargestSide,
                JudgedAtZero = EquatableArray<string>.Empty,
                Reasons = this.reasons.ToEquatableArray(),
            };
        }

        public DerivedBias Bias { get; }

        /// <summary>All properties that there is an answer for: a rule with decay has no length that is set apart.</summary>
        public ISet<string> Asked => this.asked;

        /// <summary>The properties that hold.</summary>
        public ISet<string> Holding => this.holding;

        /// <summary>Zero is never reached where the velocity vanishes at least as fast as the position. A flow that reaches it may stay there or go on.</summary>
        private static Answer KeepsSigns(ZeroReading reading, LimitProgram program)
        {
            var (update, position) = (reading.Of(program.Update), reading.Of(program.Position));
            if (update.Kind != BehaviourKind.Number || position is not { Kind: BehaviourKind.Number, Number: > 0 })
                return Answer.Unknown;
            var order = update.Number / position.Number;
            return order >= 1 - 1e-9 ? Answer.Yes : order == 0 ? Answer.No : Answer.Unknown;
        }

        private Answer Judge(string property, Behaviour behaviour, BehaviourKind wanted)
        {
            this.asked.Add(property);
            if (behaviour.Kind == wanted || behaviour.IsZero)
            {
                this.holding.Add(property);
                return Answer.Yes;
            }

            if (behaviour.Kind == BehaviourKind.Unknown)
                return Answer.Unknown;
            this.reasons.Add(new(property, behaviour.Cause is null ? "the step does not change as the gradient does" : this.text.Of(behaviour)));
            return Answer.No;
        }

        private Answer No(string property, string reason)
        {
            this.reasons.Add(new(property, reason));
            return Answer.No;
        }
    }
}
