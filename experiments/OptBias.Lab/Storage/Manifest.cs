namespace OptBias.Lab.Storage;

/// <summary>What an output folder holds: which study, which grid, which data, which version. Runs of two manifests never share a folder.</summary>
public sealed record Manifest
{
    /// <summary>Raised when what is stored, or what the numbers mean, changes.</summary>
    public const int CurrentFormat = 2;

    /// <summary>Format of the stored runs.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Version of the laboratory, without the commit.</summary>
    public required string Version { get; init; }

    /// <summary>Name of the study.</summary>
    public required string Study { get; init; }

    /// <summary>Name, sizes and hash of the data.</summary>
    public required string Data { get; init; }

    /// <summary>Everything that defines the grid, by name: preset, seeds, model, and each method with its declaration.</summary>
    public required IReadOnlyDictionary<string, string> Grid { get; init; }

    /// <summary>What was asked for, so that the report can be made again from the folder alone. The grid says the same in full.</summary>
    public required StudyRequest Request { get; init; }

    /// <summary>What tells this manifest from all others: a hash of all that <see cref="DifferencesFrom"/> compares.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Fingerprint
    {
        get
        {
            string[] all = [$"{this.Format}", this.Version, this.Study, this.Data, .. this.Grid.OrderBy(g => g.Key, StringComparer.Ordinal).SelectMany(g => new[] { g.Key, g.Value })];
            return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', all))))[..16];
        }
    }

    /// <summary>What differs from <paramref name="other"/>, one line each; empty if both describe the same runs.</summary>
    /// <param name="other">The manifest that is asked for now; this one is the stored one.</param>
    public IReadOnlyList<string> DifferencesFrom(Manifest other)
    {
        var differences = new List<string>();
        Compare("format", this.Format.ToString(), other.Format.ToString());
        Compare("version", this.Version, other.Version);
        Compare("study", this.Study, other.Study);
        Compare("data", this.Data, other.Data);
        foreach (var name in this.Grid.Keys.Union(other.Grid.Keys).Order(StringComparer.Ordinal))
            Compare(name, this.Grid.GetValueOrDefault(name, "(none)"), other.Grid.GetValueOrDefault(name, "(none)"));
        return differences;

        void Compare(string name, string stored, string asked)
        {
            if (stored != asked)
                differences.Add($"{name}: the folder has {stored}, asked for is {asked}");
        }
    }
}

/// <summary>What was asked for on the command line.</summary>
/// <param name="Preset">Name of the preset.</param>
/// <param name="Methods">Names of the methods.</param>
/// <param name="Model">The network, as <c>--model</c> takes it.</param>
/// <param name="Seeds">Number of result seeds.</param>
/// <param name="Command">The command line that makes the same runs.</param>
/// <param name="Device">The kind of device, <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Images">What the images are; null for MNIST's format and for text, as in folders from before there were others.</param>
public sealed record StudyRequest(string Preset, IReadOnlyList<string> Methods, string Model, int Seeds, string Command, string Device = "cpu", Data.ImageFormat? Images = null);
