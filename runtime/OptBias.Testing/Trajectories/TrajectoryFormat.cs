using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OptBias.Testing;

/// <summary>The names and metadata by which a safetensors file is a trajectory.</summary>
internal static partial class TrajectoryFormat
{
    /// <summary>Reads and checks.</summary>
    /// <param name="file">The contents.</param>
    /// <param name="path">The file's name, for messages.</param>
    public static Trajectory Read(SafeTensorsFile file, string path)
    {
        var optimizer = file.Metadata.GetValueOrDefault("optimizer") is { Length: > 0 } name
            ? name
            : throw Malformed(path, "the metadata has no 'optimizer', the name of the class that was recorded");
        var hyperparameters = ReadHyperparameters(file, path);
        var parameters = ReadParameters(file, path);
        var steps = (int)parameters[0].Gradients.Shape[0];
        if (file.Metadata.TryGetValue("steps", out var text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stated) && stated == steps))
            throw Malformed(path, $"the metadata says steps = '{text}', but param.0.grad holds {steps}");

        return new Trajectory(optimizer, hyperparameters, file.Metadata.GetValueOrDefault("source", ""), steps, parameters);
    }

    public static SafeTensorsFile Write(Trajectory trajectory) => new(
        trajectory.Parameters.SelectMany(parameter => TensorsOf(parameter)),
        new Dictionary<string, string>
        {
            ["optimizer"] = trajectory.Optimizer,
            ["hyper"] = JsonSerializer.Serialize(trajectory.Hyperparameters),
            ["source"] = trajectory.Source,
            ["steps"] = trajectory.Steps.ToString(CultureInfo.InvariantCulture),
        });

    private static IEnumerable<SafeTensor> TensorsOf(TrajectoryParameter parameter) =>
        parameter.Evaluated is { } evaluated ? [parameter.Initial, parameter.Gradients, parameter.After, evaluated] : [parameter.Initial, parameter.Gradients, parameter.After];

    private static Dictionary<string, double> ReadHyperparameters(SafeTensorsFile file, string path)
    {
        if (!file.Metadata.TryGetValue("hyper", out var json))
            throw Malformed(path, "the metadata has no 'hyper', a JSON object of the hyperparameters");
        try
        {
            return TrajectoryHyperparameters.Parse(json);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    private static List<TrajectoryParameter> ReadParameters(SafeTensorsFile file, string path)
    {
        foreach (var tensor in file)
        {
            if (!TensorName().IsMatch(tensor.Name))
                throw Malformed(path, $"a trajectory has tensors param.i.init, param.i.grad, param.i.after and, if there is a point of evaluation, param.i.evaluated, but this file has '{tensor.Name}'");
        }

        var parameters = new List<TrajectoryParameter>();
        for (var (i, taken) = (0, 0); taken < file.Count; i++)
        {
            parameters.Add(ReadParameter(file, path, string.Create(CultureInfo.InvariantCulture, $"param.{i}")));
            taken += TensorsOf(parameters[^1]).Count();
        }

        if (parameters.Count == 0)
            throw Malformed(path, "there is no param.0.init: the file has no tensors");
        foreach (var parameter in parameters)
        {
            if (parameter.Gradients.Shape[0] != parameters[0].Gradients.Shape[0])
                throw Malformed(path, $"{parameter.Gradients.Name} holds {parameter.Gradients.Shape[0]} steps, {parameters[0].Gradients.Name} {parameters[0].Gradients.Shape[0]}");
        }

        return parameters;
    }

    private static TrajectoryParameter ReadParameter(SafeTensorsFile file, string path, string name)
    {
        var parameter = new TrajectoryParameter(Tensor("init"), Tensor("grad"), Tensor("after")) { Evaluated = file.TryGet($"{name}.evaluated", out _) ? Tensor("evaluated") : null };
        foreach (var tensor in TensorsOf(parameter).Skip(1))
        {
            if (tensor.Shape.Count == 0 || !tensor.Shape.Skip(1).SequenceEqual(parameter.Shape))
                throw Malformed(path, $"{tensor.Name} has the shape {Text(tensor)}; with {parameter.Initial.Name} of shape {Text(parameter.Initial)} it is [T, {string.Join(", ", parameter.Shape)}]");
        }

        if (parameter.Gradients.Shape[0] is < 1 or > int.MaxValue)
            throw Malformed(path, $"{parameter.Gradients.Name} holds {parameter.Gradients.Shape[0]} steps; allowed are 1 to {int.MaxValue}");
        if (TensorsOf(parameter).Skip(2).FirstOrDefault(tensor => tensor.Shape[0] != parameter.Gradients.Shape[0]) is { } other)
            throw Malformed(path, $"{other.Name} holds {other.Shape[0]} steps, {parameter.Gradients.Name} {parameter.Gradients.Shape[0]}");
        return parameter;

        SafeTensor Tensor(string part)
        {
            if (!file.TryGet($"{name}.{part}", out var tensor))
                throw Malformed(path, $"there is no {name}.{part}");
            if (tensor.Type is not (SafeTensorType.F64 or SafeTensorType.F32 or SafeTensorType.F16 or SafeTensorType.BF16))
                throw Malformed(path, $"{tensor.Name} has the dtype {tensor.Type}; allowed are F64, F32, F16 and BF16");
            // Its sizes may be anything where a zero is among them: steps without end, more elements than can be counted.
            if (tensor.Elements == 0 && !(part != "init" && tensor.Shape.Count > 0 && tensor.Shape[0] == 0))
                throw Malformed(path, $"{tensor.Name} has the shape {Text(tensor)}, which has no elements; a step has nothing to change there");
            if (FloatingPoint.Values(tensor).FirstIndexWhere(value => !double.IsFinite(value)) is var index && index >= 0)
                throw Malformed(path, $"{tensor.Name} has a value that is not finite, at index {index} of its elements");
            return tensor;
        }
    }

    private static string Text(SafeTensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";

    private static InvalidDataException Malformed(string path, string what) => new($"{path}: {what}.");

    [GeneratedRegex(@"^param\.(0|[1-9][0-9]*)\.(init|grad|after|evaluated)$", RegexOptions.CultureInvariant)]
    private static partial Regex TensorName();
}
