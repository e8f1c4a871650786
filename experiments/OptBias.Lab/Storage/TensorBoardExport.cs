using TorchSharp;

namespace OptBias.Lab.Storage;

/// <summary>The curves of the result runs as event files, a folder for each run, through TorchSharp's own writer.</summary>
public static class TensorBoardExport
{
    /// <summary>Writes the curves that go over steps or tasks. Folders that were written before are replaced.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="directory">What TensorBoard is given as <c>--logdir</c>.</param>
    /// <exception cref="StorageException">The folder cannot be written.</exception>
    public static void Write(RunStore store, string directory) => DurableFile.Guard(directory, _ =>
    {
        foreach (var record in store.Records.Where(r => r.Phase == Studies.Phase.Result))
        {
            var folder = Path.Combine(directory, store.Manifest.Study, Name(record));
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            var writer = torch.utils.tensorboard.SummaryWriter(folder);
            foreach (var curve in record.Curves.Where(c => c.Name is "loss" or "accuracy" or "masked accuracy"))
            {
                var tag = curve.Series.Length == 0 ? curve.Name : $"{curve.Name}/task {curve.Series}";
                for (var i = 0; i < curve.X.Count; i++)
                    writer.add_scalar(tag, (float)curve.Y[i], (int)curve.X[i]);
            }
        }
    });

    /// <summary>What TensorBoard lists a run under: "AdamW lr 0.001 seed 3", and behind it the end of its key, which tells settings apart.</summary>
    internal static string Name(RunRecord record) =>
        $"{string.Concat(record.Method.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '@' ? c : '-'))} lr {record.Settings.GetValueOrDefault("lr", "none")} seed {record.Seed} {record.Key[^Math.Min(6, record.Key.Length)..]}";
}
