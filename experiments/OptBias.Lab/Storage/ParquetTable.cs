using Parquet;
using Parquet.Schema;

namespace OptBias.Lab.Storage;

/// <summary>Writes rows as Parquet, a group of rows after another, so that a table need not fit into memory.</summary>
/// <typeparam name="TRow">A row.</typeparam>
internal sealed class ParquetTable<TRow>
{
    private readonly List<(DataField Field, Func<ParquetRowGroupWriter, IReadOnlyList<TRow>, Task> Write)> columns = [];

    /// <summary>A column of text.</summary>
    public void Text(string name, Func<TRow, string> value) => this.AddText(new(name, typeof(string), isNullable: false), value!);

    /// <summary>A column of text that some rows do not have.</summary>
    public void TextOrNull(string name, Func<TRow, string?> value) => this.AddText(new(name, typeof(string), isNullable: true), value);

    /// <summary>A column of numbers or times.</summary>
    public void Number<T>(string name, Func<TRow, T> value)
        where T : struct
    {
        var field = new DataField<T>(name);
        this.columns.Add((field, (writer, rows) => writer.WriteAsync<T>(field, rows.Select(value).ToArray().AsMemory(), null, null, default)));
    }

    /// <summary>A column of numbers that some rows do not have.</summary>
    public void NumberOrNull<T>(string name, Func<TRow, T?> value)
        where T : struct
    {
        var field = new DataField<T?>(name);
        this.columns.Add((field, (writer, rows) => writer.WriteAsync<T>(field, rows.Select(value).ToArray().AsMemory(), null, null, default)));
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="groups">The rows, in groups that fit into memory.</param>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void Write(string path, IEnumerable<IReadOnlyList<TRow>> groups) => DurableFile.Write(path, stream => this.WriteAsync(stream, groups).GetAwaiter().GetResult());

    private void AddText(DataField field, Func<TRow, string?> value) =>
        this.columns.Add((field, (writer, rows) => writer.WriteAsync(field, rows.Select(value).ToArray()!)));

    private async Task WriteAsync(Stream stream, IEnumerable<IReadOnlyList<TRow>> groups)
    {
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(this.columns.Select(c => c.Field)), stream);
        foreach (var rows in groups)
        {
            using var group = writer.CreateRowGroup();
            foreach (var (_, write) in this.columns)
                await write(group, rows);
        }
    }
}
