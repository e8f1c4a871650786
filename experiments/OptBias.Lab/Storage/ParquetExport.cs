using System.Globalization;
using Parquet.Schema;
using Parquet.Serialization;

namespace OptBias.Lab.Storage;

/// <summary>The finished runs as Parquet, for DuckDB, pandas and Excel.</summary>
/// <remarks>
/// <para><c>runs.parquet</c> has a row for each run: <c>key, study, phase, method, seed, diverged</c> (null, or when and how),
/// <c>wall_seconds, finished</c> (UTC), <c>version, machine, data</c>; then a column for each setting (a number where every run has one
/// that reads as a number, else text; names in lower case with underscores) and one for each metric (null where it was not measured).</para>
/// <para><c>curves.parquet</c> has a row for each point: <c>key, phase, method, seed, lr, curve, series, position, x, y</c>;
/// <c>key</c> joins the two.</para>
/// </remarks>
public static class ParquetExport
{
    private static readonly string[] Reserved =
        ["key", "study", "phase", "method", "seed", "diverged", "wall_seconds", "finished", "version", "machine", "data"];

    /// <summary>Writes both files into the folder of a store.</summary>
    /// <exception cref="StorageException">They cannot be written.</exception>
    public static void Write(RunStore store)
    {
        WriteTable(Path.Combine(store.Directory, "runs.parquet"), RunSchema(store.Records), Runs(store));
        WriteTable(Path.Combine(store.Directory, "curves.parquet"), CurveSchema, Curves(store));
    }

    private static ParquetSchema CurveSchema => new(
        new DataField<string>("key"), new DataField<string>("phase"), new DataField<string>("method"), new DataField<int>("seed"),
        new DataField<double?>("lr"), new DataField<string>("curve"), new DataField<string>("series"), new DataField<int>("position"),
        new DataField<double>("x"), new DataField<double?>("y"));

    private static ParquetSchema RunSchema(IReadOnlyList<RunRecord> records) => new(
    [
        new DataField<string>("key"), new DataField<string>("study"), new DataField<string>("phase"), new DataField<string>("method"),
        new DataField<int>("seed"), new DataField("diverged", typeof(string), isNullable: true), new DataField<double>("wall_seconds"),
        new DataField<DateTime>("finished"), new DataField<string>("version"), new DataField("machine", typeof(string), isNullable: true), new DataField<string>("data"),
        .. SettingColumns(records).Select(s => s.IsNumber ? new DataField<double?>(s.Column) : new DataField(s.Column, typeof(string), isNullable: true)),
        .. MetricColumns(records).Select(m => new DataField<double?>(m)),
    ]);

    private static List<(string Setting, string Column, bool IsNumber)> SettingColumns(IReadOnlyList<RunRecord> records) =>
    [
        .. records.SelectMany(r => r.Settings).GroupBy(s => s.Key, s => s.Value, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, Column(g.Key), g.All(v => double.TryParse(v, CultureInfo.InvariantCulture, out _)))),
    ];

    private static IEnumerable<string> MetricColumns(IReadOnlyList<RunRecord> records) =>
        records.SelectMany(r => r.Metrics.Keys).Distinct().Order(StringComparer.Ordinal);

    /// <summary>A setting must not hide a column of the table.</summary>
    private static string Column(string setting)
    {
        var name = setting.ToLowerInvariant().Replace(' ', '_');
        return Reserved.Contains(name) ? "setting_" + name : name;
    }

    private static List<Dictionary<string, object?>> Runs(RunStore store)
    {
        var settings = SettingColumns(store.Records);
        var metrics = MetricColumns(store.Records).ToArray();
        return [.. store.Records.Select(record =>
        {
            var row = new Dictionary<string, object?>
            {
                ["key"] = record.Key,
                ["study"] = store.Manifest.Study,
                ["phase"] = record.Phase,
                ["method"] = record.Method,
                ["seed"] = record.Seed,
                ["diverged"] = record.Diverged,
                ["wall_seconds"] = record.WallSeconds,
                ["finished"] = record.Finished,
                ["version"] = record.Version,
                ["machine"] = record.Machine,
                ["data"] = store.Manifest.Data,
            };
            foreach (var (setting, column, isNumber) in settings)
                row[column] = !record.Settings.TryGetValue(setting, out var text) ? null : isNumber ? double.Parse(text, CultureInfo.InvariantCulture) : text;
            foreach (var metric in metrics)
                row[metric] = Nullable(record.Metric(metric));
            return row;
        })];
    }

    private static List<Dictionary<string, object?>> Curves(RunStore store) =>
    [
        .. from record in store.Records
           from curve in record.Curves
           from position in Enumerable.Range(0, curve.X.Count)
           select new Dictionary<string, object?>
           {
               ["key"] = record.Key,
               ["phase"] = record.Phase,
               ["method"] = record.Method,
               ["seed"] = record.Seed,
               ["lr"] = Nullable(record.Number("lr")),
               ["curve"] = curve.Name,
               ["series"] = curve.Series,
               ["position"] = position,
               ["x"] = curve.X[position],
               ["y"] = Nullable(curve.Y[position]),
           },
    ];

    private static object? Nullable(double value) => double.IsNaN(value) ? null : value;

    private static void WriteTable(string path, ParquetSchema schema, List<Dictionary<string, object?>> rows)
    {
        using var content = new MemoryStream();
        ParquetSerializer.SerializeUntypedAsync(rows, schema, content).GetAwaiter().GetResult();
        DurableFile.Write(path, content.ToArray());
    }
}
