using OptBias.Lab.Storage;

namespace OptBias.Lab.Tests.Storage;

/// <summary>A run and a folder to keep it in.</summary>
internal static class SampleRun
{
    public static Manifest Manifest() => new()
    {
        Version = "0.1.0",
        Study = "some",
        Data = "digits",
        Grid = new Dictionary<string, string> { ["seeds"] = "1, 2" },
        Request = new("quick", ["Sgd"], "mlp-128x2", 2, "optbias run some"),
    };

    public static RunRecord Of(string key, double accuracy) => new()
    {
        Key = key,
        Phase = "result",
        Method = "Sgd",
        Seed = 1,
        Settings = new Dictionary<string, string> { ["lr"] = "0.01" },
        Metrics = new Dictionary<string, double> { ["accuracy"] = accuracy, ["undefined"] = double.NaN },
        Curves = [new("loss", "", [1, 2], [0.5, double.NaN])],
        WallSeconds = 1.5,
        Finished = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Version = "0.1.0",
    };

    public static RunStore Open(string directory, Manifest? manifest = null) => RunStore.Open(directory, manifest ?? Manifest(), fresh: false);

    public static RunStore Existing(string directory) => RunStore.OpenExisting(directory);
}
