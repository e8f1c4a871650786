using System.Globalization;
using System.Text;
using System.Text.Json;
using OptBias.Kernels;
using TorchSharp;

namespace OptBias;

/// <summary>
/// PyTorch's <c>optimizer.state_dict()</c> as safetensors: tensors <c>state.KEY.NAME</c>, and <c>param_groups</c> as JSON in the
/// metadata. KEY is the parameter's number, as in the state dict, or its name. See docs/checkpoints.md.
/// </summary>
internal static class TorchFormat
{
    private const string GroupsKey = "param_groups";
    private const string StatePrefix = "state.";
    private const string StepName = "step";

    /// <summary>Entries of PyTorch's groups that choose an implementation, or are another way to say what state there is.</summary>
    private static readonly HashSet<string> Switches = new(StringComparer.Ordinal)
    {
        "params", "param_names", "maximize", "initial_lr", "foreach", "fused", "capturable", "differentiable", "nesterov", "amsgrad", "centered",
        "decoupled_weight_decay", "initial_accumulator_value",
    };

    /// <summary>Whether a file says that it is one of these.</summary>
    public static bool Is(SafeTensorsFile file) => file.Metadata.ContainsKey(GroupsKey) && !CheckpointFormat.Is(file);

    /// <summary>Lays out a file for PyTorch.</summary>
    /// <exception cref="NotSupportedException">No optimizer of PyTorch keeps the same.</exception>
    public static SafeTensorsFile Write(SavedOptimizer saved, UpdatePlan plan, string name)
    {
        var layout = LayoutOf(plan, name);
        var tensors = new List<SafeTensor>();
        foreach (var (parameter, i) in saved.Parameters.Select(static (parameter, i) => (parameter, i)))
        {
            // PyTorch makes the state of a parameter at its first step.
            if (parameter.Step == 0)
                continue;
            if (layout.CountsSteps)
                tensors.Add(new SafeTensor(Key(i, StepName), SafeTensorType.F32, [], BitConverter.GetBytes((float)parameter.Step)));
            foreach (var (ours, tensor) in parameter.Tensors)
            {
                if (layout.Theirs(ours) is { } theirs)
                    tensors.Add(tensor.ToSafeTensor(Key(i, theirs)));
            }
        }

        return new SafeTensorsFile(tensors, [new(GroupsKey, Groups(saved, layout))]);
    }

    /// <summary>Reads a file from PyTorch.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or something else; the message begins with <paramref name="source"/>.</exception>
    /// <exception cref="CheckpointMismatchException">No optimizer of PyTorch keeps what this one keeps.</exception>
    public static SavedOptimizer Read(SafeTensorsFile file, string source, UpdatePlan plan, string name)
    {
        if (TorchLayout.Of(plan) is not { } layout)
            throw new CheckpointMismatchException($"{name}: {source}", [$"state: the file is PyTorch's, and {NoLayout(plan)}"]);
        try
        {
            using var document = JsonDocument.Parse(file.Metadata[GroupsKey]);
            return new TorchReading(file, layout, plan).Read(document.RootElement);
        }
        catch (Exception exception) when (exception is MalformedSafeTensorsException or JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{source}: {exception.Message}", exception);
        }
    }

    private static TorchLayout LayoutOf(UpdatePlan plan, string name) =>
        TorchLayout.Of(plan) ?? throw new NotSupportedException($"{name} cannot be written for PyTorch: {NoLayout(plan)}");

    private static string NoLayout(UpdatePlan plan) =>
        $"no optimizer of PyTorch that is known here keeps what {plan.Name} keeps ({string.Join(", ", plan.States.Concat(plan.Matrices.Select(static m => m.Name)))}; {string.Join(", ", plan.Hyperparameters.Select(static h => h.Name))}). Known: {string.Join(", ", TorchLayout.All.Select(static l => l.Name))}.";

    private static string Key(int index, string name) => string.Create(CultureInfo.InvariantCulture, $"{StatePrefix}{index}.{name}");

    private static string Groups(SavedOptimizer saved, TorchLayout layout)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            for (var g = 0; g < saved.Groups.Count; g++)
            {
                var (group, number) = (saved.Groups[g], g);
                writer.WriteStartObject();
                foreach (var entry in layout.Hyperparameters.Concat(layout.MoreHyperparameters).Where(h => group.Hyperparameters.ContainsKey(h.Ours)).GroupBy(static h => h.Theirs))
                {
                    writer.WritePropertyName(entry.Key);
                    var values = entry.OrderBy(static h => h.Place).Select(h => group.Hyperparameters[h.Ours]).ToList();
                    if (entry.First().Place >= 0)
                        writer.WriteStartArray();
                    foreach (var value in values)
                        writer.WriteNumberValue(value);
                    if (entry.First().Place >= 0)
                        writer.WriteEndArray();
                }

                writer.WriteNumber("initial_lr", group.InitialLearningRate!.Value);
                writer.WriteBoolean("maximize", group.Maximize!.Value);
                var members = saved.Parameters.Select(static (parameter, i) => (parameter, i)).Where(pair => pair.parameter.Group == number).ToList();
                writer.WriteStartArray("params");
                foreach (var (_, i) in members)
                    writer.WriteNumberValue(i);
                writer.WriteEndArray();
                if (members.Count > 0 && members.TrueForAll(static member => member.parameter.Name is not null))
                {
                    writer.WriteStartArray("param_names");
                    foreach (var (parameter, _) in members)
                        writer.WriteStringValue(parameter.Name);
                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>One reading of a file.</summary>
    private sealed class TorchReading(SafeTensorsFile file, TorchLayout layout, UpdatePlan plan)
    {
        private readonly List<SavedGroup> groups = [];
        private readonly List<SavedParameter> parameters = [];
        private readonly HashSet<string> used = new(StringComparer.Ordinal);

        public SavedOptimizer Read(JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Array)
                throw new MalformedSafeTensorsException($"'{GroupsKey}' is not a list of groups.");
            var byKey = file.GroupBy(static tensor => KeyOf(tensor.Name), StringComparer.Ordinal).ToDictionary(static tensors => tensors.Key, static tensors => tensors.ToList(), StringComparer.Ordinal);
            foreach (var group in root.EnumerateArray())
                this.ReadGroup(group, byKey);
            if (file.FirstOrDefault(tensor => !this.used.Contains(KeyOf(tensor.Name))) is { } stray)
                throw new MalformedSafeTensorsException($"tensor '{stray.Name}' belongs to no parameter of '{GroupsKey}'.");
            return new SavedOptimizer(null, null, this.groups, this.parameters);
        }

        private static string KeyOf(string name)
        {
            var end = name.LastIndexOf('.');
            return name.StartsWith(StatePrefix, StringComparison.Ordinal) && end > StatePrefix.Length
                ? name[StatePrefix.Length..end]
                : throw new MalformedSafeTensorsException($"tensor '{name}' is not called {StatePrefix}PARAMETER.NAME.");
        }

        private void ReadGroup(JsonElement group, Dictionary<string, List<SafeTensor>> byKey)
        {
            if (group.ValueKind != JsonValueKind.Object || !group.TryGetProperty("params", out var members) || members.ValueKind != JsonValueKind.Array)
                throw new MalformedSafeTensorsException($"group {this.groups.Count} of '{GroupsKey}' has no list 'params'.");
            var names = group.TryGetProperty("param_names", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == members.GetArrayLength()
                ? list.EnumerateArray().Select(static name => name.GetString()).ToList()
                : null;
            foreach (var (member, i) in members.EnumerateArray().Select(static (member, i) => (member, i)))
            {
                var key = member.ValueKind == JsonValueKind.String ? member.GetString()! : member.GetInt64().ToString(CultureInfo.InvariantCulture);
                if (!this.used.Add(key))
                    throw new MalformedSafeTensorsException($"parameter {key} is in '{GroupsKey}' twice.");
                this.parameters.Add(this.Parameter(names?[i] ?? (member.ValueKind == JsonValueKind.String ? key : null), byKey.GetValueOrDefault(key) ?? []));
            }

            this.groups.Add(new SavedGroup(
                this.Hyperparameters(group),
                group.TryGetProperty("initial_lr", out var initial) && initial.ValueKind == JsonValueKind.Number ? initial.GetDouble() : null,
                group.TryGetProperty("maximize", out var maximize) && maximize.ValueKind is JsonValueKind.True or JsonValueKind.False ? maximize.GetBoolean() : null));
        }

        private Dictionary<string, double> Hyperparameters(JsonElement group)
        {
            var values = new Dictionary<string, double>(StringComparer.Ordinal);
            var known = layout.Hyperparameters.Concat(layout.MoreHyperparameters).ToList();
            foreach (var property in group.EnumerateObject())
            {
                var meant = known.Where(h => h.Theirs == property.Name).ToList();
                foreach (var (ours, theirs, place) in meant)
                {
                    var number = place < 0 ? property.Value
                        : property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() > place ? property.Value[place]
                        : throw new MalformedSafeTensorsException($"'{theirs}' is not a list of {place + 1} numbers or more.");
                    var value = number.GetDouble();

                    // What is not declared and is switched off is the same as what is not there.
                    if (value != 0 || plan.Hyperparameters.Any(h => h.Name == ours))
                        values[ours] = value;
                }

                if (meant.Count == 0 && !Switches.Contains(property.Name) && property.Value.ValueKind == JsonValueKind.Number && property.Value.GetDouble() is var other and not 0)
                    values[property.Name] = other;
            }

            return values;
        }

        private SavedParameter Parameter(string? name, List<SafeTensor> tensors)
        {
            var values = new Dictionary<string, SavedTensor>(StringComparer.Ordinal);
            var step = -1L;
            foreach (var tensor in tensors)
            {
                var theirs = tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..];
                if (theirs == StepName)
                    step = StepOf(tensor);
                else
                    values[layout.Ours(theirs) ?? theirs] = new FileTensor(tensor, mayBeCast: true);
            }

            // SGD counts no steps; a buffer that is there has seen one at least, and the rule asks for no more.
            if (step < 0)
                step = values.Count > 0 ? 1 : 0;
            if (values.Count == 0)
            {
                foreach (var state in plan.States)
                    values[state] = new ZeroTensor();
            }

            return new SavedParameter
            {
                Name = name,
                Group = this.groups.Count,
                Shape = null,
                Type = null,
                Rule = null,
                Step = step,
                Tensors = values,
                Counters = new Dictionary<string, long>(StringComparer.Ordinal),
                Coordinates = null,
            };
        }

        private static long StepOf(SafeTensor tensor)
        {
            if (tensor.Elements != 1)
                throw new MalformedSafeTensorsException($"tensor '{tensor.Name}' is not one number.");
            var value = tensor.Type switch
            {
                SafeTensorType.F32 => tensor.As<float>()[0],
                SafeTensorType.F64 => tensor.As<double>()[0],
                SafeTensorType.I64 => tensor.As<long>()[0],
                SafeTensorType.I32 => tensor.As<int>()[0],
                _ => double.NaN,
            };
            return value >= 0 && value <= CheckpointLoad.MostSteps && Math.Floor(value) == value
                ? (long)value
                : throw new MalformedSafeTensorsException($"tensor '{tensor.Name}' is {value.ToString("R", CultureInfo.InvariantCulture)} ({tensor.Type}), which is no count of steps.");
        }
    }
}
