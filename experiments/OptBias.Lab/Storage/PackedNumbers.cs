using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace OptBias.Lab.Storage;

/// <summary>Which numbers the row of a pack holds, in order.</summary>
/// <param name="Metrics">Names of the metrics.</param>
/// <param name="Curves">The curves.</param>
internal sealed record PackLayout(IReadOnlyList<string> Metrics, IReadOnlyList<PackedCurve> Curves)
{
    private OrderedDictionary<string, int>? index;

    /// <summary>Where each metric is.</summary>
    [JsonIgnore]
    public OrderedDictionary<string, int> Index =>
        this.index ??= new(this.Metrics.Select((name, i) => KeyValuePair.Create(name, i)), StringComparer.Ordinal);
}

/// <summary>A curve without its points.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Series">Which one of several.</param>
/// <param name="Count">Number of points.</param>
internal sealed record PackedCurve(string Name, string Series, int Count);

/// <summary>The points of a pack, which are read when the first of its curves is asked for.</summary>
/// <param name="path">The pack.</param>
internal sealed class PackPoints(string path)
{
    private readonly Lazy<IReadOnlyList<double[]>> points = new(() => PackFile.ReadPoints(path));

    /// <summary>The points of a run: for each curve x, then y.</summary>
    public double[] Of(int row) => this.points.Value[row];
}

/// <summary>Numbers by name; the names are kept once for all runs that have the same.</summary>
internal sealed class NamedNumbers(OrderedDictionary<string, int> index, double[] values) : IReadOnlyDictionary<string, double>
{
    public IEnumerable<string> Keys => index.Keys;

    public IEnumerable<double> Values => values;

    public int Count => values.Length;

    public double this[string key] => values[index[key]];

    public bool ContainsKey(string key) => index.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out double value)
    {
        var found = index.TryGetValue(key, out var i);
        value = found ? values[i] : 0;
        return found;
    }

    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => index.Select(p => KeyValuePair.Create(p.Key, values[p.Value])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => this.GetEnumerator();
}

/// <summary>The curves of a packed run.</summary>
internal sealed class PackedCurves(PackLayout layout, PackPoints points, int row) : IReadOnlyList<Curve>
{
    public int Count => layout.Curves.Count;

    public Curve this[int index] => this.ElementAt(index);

    public IEnumerator<Curve> GetEnumerator()
    {
        var numbers = points.Of(row);
        var at = 0;
        foreach (var (name, series, count) in layout.Curves)
        {
            yield return new(name, series, new ArraySegment<double>(numbers, at, count), new ArraySegment<double>(numbers, at + count, count));
            at += 2 * count;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => this.GetEnumerator();
}
