using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OptBias.Generators.Declarations;

namespace OptBias.Generators.Programs;

/// <summary>
/// A short name for what a program does: equal programs have the same one on every machine, and programs that differ in an
/// operation, a setting of a matrix stage, the way state is kept, a body of a user's method or the name of a hyperparameter or of
/// state have others.
/// </summary>
/// <remarks>
/// It is a hash of values, not of text: every node is hashed from its operation and the hashes of its operands. Names that only
/// equations show, the order in which state is listed and the order of the operands of + and × leave it as it is. Defaults of
/// hyperparameters do not count: they are values, and whoever records a run records those.
/// </remarks>
internal sealed class ProgramFingerprint
{
    /// <summary>Changes when the meaning of a program's text changes, so that old fingerprints are not taken for new ones.</summary>
    private const string Version = "optbias-program 1";

    /// <summary>Hexadecimal digits that are kept: 128 bits.</summary>
    private const int Digits = 32;

    private readonly UpdateProgram program;
    private readonly Dictionary<Expression, string> known = new();
    private readonly SHA256 sha = SHA256.Create();

    private ProgramFingerprint(UpdateProgram program) => this.program = program;

    public static string Of(UpdateProgram program, StateDeclaration state)
    {
        var fingerprint = new ProgramFingerprint(program);
        using (fingerprint.sha)
            return fingerprint.Of(state);
    }

    private string Of(StateDeclaration state)
    {
        var lines = new List<string>();
        lines.AddRange(this.program.Hyperparameters.Select(h => Line("hyperparameter", h.Name)));
        lines.AddRange(this.program.States.Select(s => Line("state", s.Name, s.Extent.ToString())));
        lines.AddRange(this.program.Stores.Select(s => Line("store", s.Target.Name, this.Of(s.Value))));
        lines.AddRange(this.program.MatrixSlots.Select(this.Of));
        lines.Sort(StringComparer.Ordinal);
        lines.Insert(0, Version);
        if (this.program.EvaluationPoint is { } point)
            lines.Add(Line("evaluated", this.Of(point)));
        lines.Add(Line("kept", state.Precision.ToString(), Flag(state.StochasticRounding), Flag(state.MasterWeights)));

        // The random bits of a tensor depend on the seed and on the tensor's place.
        if (state.StochasticRounding)
            lines.Add(Line("chance", [Number(state.Seed), .. this.program.States.Select(s => s.Name)]));
        return this.Hash(string.Join("\n", lines)).Substring(0, Digits);
    }

    private string Of(ProgramMatrixSlot slot) => Line(
        "matrix",
        slot.Slot.Name,
        slot.Slot.Create,
        this.WithNames(slot.Slot, slot.Slot.Gate),
        this.WithNames(slot.Slot, slot.Slot.Finish),
        slot.Gradient is null ? "" : this.Of(slot.Gradient),
        Line("followers", [.. slot.Followers.Select(f => f.Name)]));

    /// <summary>The hash of an expression. Operands are older than what uses them, so that no recursion is needed however deep it is.</summary>
    private string Of(Expression expression)
    {
        if (this.known.TryGetValue(expression, out var hash))
            return hash;
        foreach (var node in Reachable(expression))
            this.known[node] = this.Hash(this.Describe(node));
        return this.known[expression];
    }

    private List<Expression> Reachable(Expression root)
    {
        var found = new HashSet<Expression>();
        var open = new Stack<Expression>();
        open.Push(root);
        while (open.Count > 0)
        {
            var node = open.Pop();
            if (this.known.ContainsKey(node) || !found.Add(node))
                continue;
            foreach (var operand in node.Operands)
                open.Push(operand);
        }

        return [.. found.OrderBy(node => node.Id)];
    }

    private string Describe(Expression node)
    {
        var operands = node.Operands.Select(operand => this.known[operand]).ToList();

        // IEEE sums and products do not depend on the order of the two.
        if (node.Operation is Operation.Add or Operation.Multiply)
            operands.Sort(StringComparer.Ordinal);
        return Line(node.Operation.ToString(), [this.Payload(node), .. operands]);
    }

    private string Payload(Expression node) => node.Operation switch
    {
        Operation.Constant => BitConverter.DoubleToInt64Bits(node.Value).ToString("x16", CultureInfo.InvariantCulture),
        Operation.Hyper => node.Hyperparameter.Name,
        Operation.Load => Line(node.Tensor.Role.ToString(), node.Tensor.Name, node.Tensor.Extent.ToString()),
        Operation.Sum => node.Scope.ToString(),
        Operation.Shape => node.Shape.ToString(),
        Operation.Carried => node.Carried.Name,
        Operation.PerStep => node.PerStep.Carried.Count == 0 ? node.PerStep.Body : Line(node.PerStep.Body, [.. node.PerStep.Carried.Select(c => $"{c.Name} {Number(c.Place)}")]),
        Operation.Matrix => this.Of(node.Matrix),
        _ => "",
    };

    private string Of(MatrixStage stage) => Line(
        stage.Slot?.Name ?? "",
        this.WithNames(stage.Slot, stage.Apply),
        this.WithNames(stage.Slot, stage.Statistics),
        stage.Extent.ToString(),
        Flag(stage.InPlace));

    /// <summary>A text in which hyperparameters have their names: the identifiers that it writes are shared out in the order of the stages.</summary>
    private string WithNames(MatrixSlot? slot, string? text)
    {
        if (text is null || slot is null)
            return text ?? "";
        var named = this.program.Hyperparameters.Where(h => slot.Hyperparameters.Contains(h.Name)).ToDictionary(h => h.Symbol.Identifier, h => h.Name, StringComparer.Ordinal);
        var result = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            end = Math.Max(end, i + 1);
            var word = text.Substring(i, end - i);
            result.Append(named.TryGetValue(word, out var name) ? $"<{name}>" : word);
            i = end;
        }

        return result.ToString();
    }

    private string Hash(string text) =>
        string.Concat(this.sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    /// <summary>Parts with their lengths in front, so that no two lists of parts read alike.</summary>
    private static string Line(string first, params string[] others) =>
        string.Concat(new[] { first }.Concat(others).Select(part => $"{Number(part.Length)}:{part};"));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Flag(bool value) => value ? "1" : "0";
}
