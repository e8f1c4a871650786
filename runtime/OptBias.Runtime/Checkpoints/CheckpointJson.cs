using System.Text.Json;
using System.Text.Json.Serialization;

namespace OptBias;

/// <summary>A group as the metadata of a checkpoint writes it.</summary>
internal sealed record GroupRecord
{
    public required Dictionary<string, double> Hyperparameters { get; init; }

    public required double InitialLr { get; init; }

    public required bool Maximize { get; init; }

    public static GroupRecord Of(SavedGroup group) => new()
    {
        Hyperparameters = new(group.Hyperparameters, StringComparer.Ordinal),
        InitialLr = group.InitialLearningRate!.Value,
        Maximize = group.Maximize!.Value,
    };

    public SavedGroup ToSaved() => new(this.Hyperparameters, this.InitialLr, this.Maximize);
}

/// <summary>A parameter as the metadata of a checkpoint writes it.</summary>
internal sealed record ParameterRecord
{
    public string? Name { get; init; }

    public required int Group { get; init; }

    public required long[] Shape { get; init; }

    public required string Dtype { get; init; }

    public required string Rule { get; init; }

    public required long Step { get; init; }

    /// <summary>The names of its tensors.</summary>
    public required string[] State { get; init; }

    public required Dictionary<string, long> Counters { get; init; }

    public required Dictionary<string, string> Coordinates { get; init; }

    public static ParameterRecord Of(SavedParameter parameter) => new()
    {
        Name = parameter.Name,
        Group = parameter.Group!.Value,
        Shape = [.. parameter.Shape!],
        Dtype = parameter.Type!.Value.ToSafeTensorType().ToString(),
        Rule = parameter.Rule!,
        Step = parameter.Step,
        State = [.. parameter.Tensors.Keys],
        Counters = new(parameter.Counters, StringComparer.Ordinal),
        Coordinates = new(parameter.Coordinates!, StringComparer.Ordinal),
    };

    public SavedParameter ToSaved(int index, Func<string, SavedTensor?> find)
    {
        if (!Enum.TryParse<SafeTensorType>(this.Dtype, out var type) || !Enum.IsDefined(type) || type.ToString() != this.Dtype)
            throw new MalformedSafeTensorsException($"parameter {index} has the unknown dtype '{this.Dtype}'.");
        var tensors = new Dictionary<string, SavedTensor>(StringComparer.Ordinal);
        foreach (var name in this.State)
        {
            var tensor = find(name) ?? throw new MalformedSafeTensorsException($"parameter {index} claims '{name}', and the file has no such tensor.");
            if (!tensors.TryAdd(name, tensor))
                throw new MalformedSafeTensorsException($"parameter {index} claims '{name}' twice.");
        }

        return new SavedParameter
        {
            Name = this.Name,
            Group = this.Group,
            Shape = this.Shape,
            Type = type.ToScalarType(),
            Rule = this.Rule,
            Step = this.Step,
            Tensors = tensors,
            Counters = this.Counters,
            Coordinates = this.Coordinates,
        };
    }
}

/// <summary>How the records are written: no reflection, so that trimmed programs can save too.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IEnumerable<GroupRecord>))]
[JsonSerializable(typeof(List<GroupRecord>))]
[JsonSerializable(typeof(IEnumerable<ParameterRecord>))]
[JsonSerializable(typeof(List<ParameterRecord>))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
