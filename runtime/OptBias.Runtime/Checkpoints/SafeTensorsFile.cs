using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace OptBias;

/// <summary>The contents of a safetensors file: tensors by name, and metadata.</summary>
/// <param name="tensors">The tensors, in the order in which they are listed.</param>
/// <param name="metadata">Free text by key; nothing if null.</param>
/// <exception cref="ArgumentException">Two tensors have the same name.</exception>
public sealed class SafeTensorsFile(IEnumerable<SafeTensor> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    : IReadOnlyCollection<SafeTensor>
{
    /// <summary>The key of the header under which metadata stands.</summary>
    internal const string MetadataKey = "__metadata__";

    private readonly OrderedDictionary<string, SafeTensor> tensors = ByName(tensors);

    /// <summary>Free text by key, in ordinal order.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } =
        new SortedDictionary<string, string>(new Dictionary<string, string>(metadata ?? []), StringComparer.Ordinal);

    /// <summary>The number of tensors.</summary>
    public int Count => this.tensors.Count;

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message names the nearest.</exception>
    public SafeTensor this[string name] => this.tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"There is no tensor '{name}'. {NearestName.Suggest(name, this.tensors.Keys)}The file has {this.Count} tensors.");

    /// <summary>Finds a tensor by its name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out SafeTensor? tensor) => this.tensors.TryGetValue(name, out tensor);

    /// <inheritdoc/>
    public IEnumerator<SafeTensor> GetEnumerator() => this.tensors.Values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => this.GetEnumerator();

    private static OrderedDictionary<string, SafeTensor> ByName(IEnumerable<SafeTensor> tensors)
    {
        var byName = new OrderedDictionary<string, SafeTensor>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (!byName.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"Two tensors have the name '{tensor.Name}'.", nameof(tensors));
        }

        return byName;
    }
}
