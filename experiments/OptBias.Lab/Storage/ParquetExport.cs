using System.Globalization;

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

    private const int RunsInGroup = 20_000;
    private const int PointsInGroup = 500_000;

    /// <summary>Writes both files into the folder of a store.</summary>
    /// <exception cref="StorageException">They cannot be written.</exception>
    public static void Write(RunStore store)
    {
        var records = store.Records;
        WriteRuns(Path.Combine(store.Directory, "runs.parquet"), records, store.Manifest);
        WriteCurves(Path.Combine(store.Directory, "curves.parquet"), records);
    }

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

    private static void WriteRuns(string path, IReadOnlyList<RunRecord> records, Manifest manifest)
    {
        var table = new ParquetTable<RunRecord>();
        table.Text("key", r => r.Key);
        table.Text("study", _ => manifest.Study);
        table.Text("phase", r => r.Phase);
        table.Text("method", r => r.Method);
        table.Number("seed", r => r.Seed);
        table.TextOrNull("diverged", r => r.Diverged);
        table.Number("wall_seconds", r => r.WallSeconds);
        table.Number("finished", r => r.Finished);
        table.Text("version", r => r.Version);
        table.TextOrNull("machine", r => r.Machine);
        table.Text("data", _ => manifest.Data);
        foreach (var (setting, column, isNumber) in SettingColumns(records))
        {
            if (isNumber)
                table.NumberOrNull<double>(column, r => r.Settings.TryGetValue(setting, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : null);
            else
                table.TextOrNull(column, r => r.Settings.GetValueOrDefault(setting));
        }

        foreach (var metric in MetricColumns(records))
            table.NumberOrNull(metric, r => Nullable(r.Metric(metric)));
        table.Write(path, records.Chunk(RunsInGroup));
    }

    private static void WriteCurves(string path, IReadOnlyList<RunRecord> records)
    {
        var table = new ParquetTable<Point>();
        table.Text("key", p => p.Run.Key);
        table.Text("phase", p => p.Run.Phase);
        table.Text("method", p => p.Run.Method);
        table.Number("seed", p => p.Run.Seed);
        table.NumberOrNull("lr", p => Nullable(p.Rate));
        table.Text("curve", p => p.Curve.Name);
        table.Text("series", p => p.Curve.Series);
        table.Number("position", p => p.Position);
        table.Number("x", p => p.Curve.X[p.Position]);
        table.NumberOrNull("y", p => Nullable(p.Curve.Y[p.Position]));
        table.Write(path, records.SelectMany(Points).Chunk(PointsInGroup));
    }

    private static IEnumerable<Point> Points(RunRecord record)
    {
        var rate = record.Number("lr");
        foreach (var curve in record.Curves)
        {
            for (var position = 0; position < curve.X.Count; position++)
                yield return new(record, rate, curve, position);
        }
    }

    private static double? Nullable(double value) => double.IsNaN(value) ? null : value;

    private readonly record struct Point(RunRecord Run, double Rate, Curve Curve, int Position);
}
