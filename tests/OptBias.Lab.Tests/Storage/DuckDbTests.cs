using DuckDB.NET.Data;
using OptBias.Lab.Tests.Studies;

namespace OptBias.Lab.Tests.Storage;

public sealed class DuckDbTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void Runs_and_curves_are_read_with_sql()
    {
        var results = TinyStudies.Run("class-incremental", this.directory.Path, "Sgd,AdamW");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        // As documented: a row for each run with numbers as numbers, a row for each point, joined by the key.
        // Two methods with two rates: one tuning seed and two of the results; and the untrained network of each of the two.
        Assert.Equal(14L, Scalar($"select count(*) from '{results}/runs.parquet'"));
        Assert.Equal(2L, Scalar($"select count(distinct lr) from '{results}/runs.parquet' where method = 'Sgd' and lr > 0"));
        Assert.Equal(4L, Scalar($"select count(*) from '{results}/runs.parquet' where phase = 'result' and method = 'AdamW' and diverged is null and forgetting between -1 and 1"));
        Assert.Equal(0L, Scalar($"""
            select count(*) from '{results}/runs.parquet' r
            where phase = 'result' and abs(average_accuracy - (select avg(y) from '{results}/curves.parquet' c where c.key = r.key and curve = 'accuracy' and x = 5)) > 1e-9
            """));

        object Scalar(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar()!;
        }
    }
}
