using System.Globalization;
using System.Text.Json;

namespace OptBias.Testing;

/// <summary>Understands hyperparameters as PyTorch names them.</summary>
public static class TrajectoryHyperparameters
{
    /// <summary>
    /// Names of other libraries, and the names that they have here, in the order in which they are tried. An alias is only
    /// used where the optimizer does not know the name itself: <c>alpha</c> is PowerLaw's own.
    /// </summary>
    private static readonly (string Theirs, string Ours)[] Aliases =
    [
        ("alpha", "beta2"),                        // torch.optim.RMSprop
        ("rho", "beta2"),                          // torch.optim.Adadelta
        ("momentum", "beta1"),                     // Muon: an average under the name of a buffer
        ("precondition_frequency", "update_every"), // SOAP
        ("precondition_frequency", "shampoo_update_every"),
        ("learning_rate", "lr"),                   // optax
        ("b1", "beta1"),
        ("b2", "beta2"),
        ("epsilon", "eps"),
        ("d", "clip_threshold"),                   // torch.optim.Adafactor
    ];

    /// <summary>Torch's defaults that switch something off. An optimizer that has no such thing already does what they say.</summary>
    private static readonly string[] NeutralAtZero =
        ["weight_decay", "momentum", "dampening", "lr_decay", "initial_accumulator_value"];

    /// <summary>Reads the <c>hyper</c> of a trajectory: a JSON object of numbers. The array <c>betas</c> is <c>beta1</c>, <c>beta2</c>, ...; <c>eps</c> as a pair is Adafactor's <c>eps</c>, <c>minimum_scale</c>.</summary>
    /// <exception cref="FormatException">It is something else; the message says what.</exception>
    public static Dictionary<string, double> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException($"hyper is {json}; expected is a JSON object of numbers, as {{\"lr\": 0.01}}.");
            var result = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var (name, value) in document.RootElement.EnumerateObject().SelectMany(Flatten))
            {
                if (!result.TryAdd(name, value))
                    throw new FormatException($"hyper gives {name} twice.");
            }

            return result;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // System.Text.Json decodes a name only when it is asked for: an escape of half a surrogate pair is an InvalidOperationException.
            throw new FormatException($"hyper is not JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Translates recorded hyperparameters to the names of a declared optimizer.</summary>
    /// <param name="descriptor">The optimizer.</param>
    /// <param name="hyperparameters">Values by the optimizer's own names or by PyTorch's.</param>
    /// <returns>Values by the optimizer's own names, for <see cref="OptimizerDescriptor.Create"/>.</returns>
    /// <exception cref="ArgumentException">A name is unknown, or two names mean the same hyperparameter.</exception>
    public static IReadOnlyDictionary<string, double> Map(OptimizerDescriptor descriptor, IReadOnlyDictionary<string, double> hyperparameters)
    {
        var known = descriptor.Hyperparameters.Select(hyperparameter => hyperparameter.Name).ToHashSet(StringComparer.Ordinal);
        var result = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var from = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Translate(known, hyperparameters))
        {
            if (Find(name, known) is { } ours)
            {
                if (!result.TryAdd(ours, value))
                    throw new ArgumentException($"{descriptor.Name}: '{from[ours]}' and '{name}' both mean {ours}.", nameof(hyperparameters));
                from.Add(ours, name);
            }
            else if (value != 0 || !NeutralAtZero.Contains(name))
            {
                throw new ArgumentException(
                    $"{descriptor.Name} has no hyperparameter '{name}'. {NearestName.Suggest(name, known)}Known: {string.Join(", ", descriptor.Hyperparameters.Select(hyperparameter => hyperparameter.Name))}.",
                    nameof(hyperparameters));
            }
        }

        return result;
    }

    private static string? Find(string name, HashSet<string> known) => known.Contains(name)
        ? name
        : Aliases.Where(alias => alias.Theirs == name && known.Contains(alias.Ours)).Select(alias => alias.Ours).FirstOrDefault();

    /// <summary>Lion's two betas: the first is the mix that is used, the second the one that is stored, which is <c>beta1</c> here.</summary>
    private static IEnumerable<KeyValuePair<string, double>> Translate(HashSet<string> known, IReadOnlyDictionary<string, double> hyperparameters)
    {
        var lion = known.Contains("interpolation") && !known.Contains("beta2")
            && hyperparameters.ContainsKey("beta1") && hyperparameters.ContainsKey("beta2");
        return !lion
            ? hyperparameters
            : hyperparameters.Select(pair => pair.Key switch
            {
                "beta1" => KeyValuePair.Create("interpolation", pair.Value),
                "beta2" => KeyValuePair.Create("beta1", pair.Value),
                _ => pair,
            });
    }

    private static IEnumerable<(string Name, double Value)> Flatten(JsonProperty property)
    {
        if (property.Name == "eps" && property.Value.ValueKind == JsonValueKind.Array)
            return property.Value.EnumerateArray().Zip(["eps", "minimum_scale"], static (item, name) => (name, Number("eps", item)));
        if (property.Name != "betas")
            return [(property.Name, Number(property.Name, property.Value))];
        if (property.Value.ValueKind != JsonValueKind.Array)
            throw new FormatException($"hyper: betas is {property.Value.GetRawText()}; expected is an array, as [0.9, 0.999].");
        return property.Value.EnumerateArray().Select((item, i) => (string.Create(CultureInfo.InvariantCulture, $"beta{i + 1}"), Number("betas", item)));
    }

    private static double Number(string name, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out var value) && double.IsFinite(value) => value,
        JsonValueKind.True or JsonValueKind.False => throw new FormatException(
            $"hyper: {name} is {element.GetRawText()}. A switch is the structure of a declaration, not a hyperparameter; leave it out."),
        _ => throw new FormatException($"hyper: {name} is {element.GetRawText()}; expected is a finite number."),
    };
}
