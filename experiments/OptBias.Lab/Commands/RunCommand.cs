using System.CommandLine;
using OptBias.Lab.Execution;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using Spectre.Console;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias run [STUDY]</c>: runs a study, or goes on with it, and makes its report.</summary>
internal static class RunCommand
{
    public static Command Create(Laboratory laboratory)
    {
        var options = new StudyOptions(laboratory);
        var fresh = new Option<bool>("--fresh") { Description = "Throw away the runs that the folder holds." };
        var profile = new Option<bool>("--profile") { Description = "Say at the end where the time went." };
        var tensorBoard = new Option<string?>("--tensorboard") { Description = "Folder for event files that TensorBoard reads." };
        var command = new Command("run", "Runs a study, or goes on where it stopped, and makes its report.");
        options.AddTo(command);
        foreach (var option in new Option[] { fresh, profile, tensorBoard })
            command.Options.Add(option);
        command.SetAction(parsed => Run(laboratory, options.Read(parsed) with
        {
            Fresh = parsed.GetValue(fresh),
            Profile = parsed.GetValue(profile),
            TensorBoard = parsed.GetValue(tensorBoard),
        }));
        return command;
    }

    private static int Run(Laboratory laboratory, RunOptions options)
    {
        var study = laboratory.Find(options.Study);
        var device = ComputeDevice.Find(options.Device);
        var planned = laboratory.Plan(study, options.Preset, options.Optimizers, options.Model, options.Seeds) with { Device = device.Kind };
        var jobs = options.Jobs ?? System.Environment.ProcessorCount;
        var directory = options.Folder(study);
        using var loaded = study.Load(options.Data);
        using var moved = device.IsGpu ? loaded.To(device.Device) : null;
        var data = moved ?? loaded;
        var plan = planned.On(data);
        using var store = RunStore.Open(directory, plan.Manifest(study, data.Description, options.CommandLine(study, plan)), options.Fresh);

        ReportCommand.Warn(store, "The run is done again");
        Console.WriteLine($"{study.Name}, {plan.Preset.Name}: {string.Join(", ", plan.Methods.Select(m => m.Name))} on {PrintableText.Of(data.Description)}; {plan.Model.Name}, {Counted.Seeds(plan.Seeds)}, {jobs} at a time{(device.IsGpu ? $" on {device.Name}" : "")}");
        using var interrupt = new Interrupt();
        var state = new ProgressState(TrialCounts(study, plan), store.Records, jobs);
        var runner = new StudyRunner(study, plan, jobs);
        try
        {
            if (Console.IsOutputRedirected)
                runner.Run(data, laboratory.Optimizers, store, new PlainProgress(Console.Out, state), interrupt.Token);
            else
                new LiveProgress(AnsiConsole.Console, state).Show(progress => runner.Run(data, laboratory.Optimizers, store, progress, interrupt.Token));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"Stopped. {store.Records.Count} of {state.Total} runs are kept in {directory}; the same command goes on.");
            throw;
        }
        catch (TrialException e)
        {
            var details = Path.Combine(directory, "failure.txt");
            DurableFile.Write(details, System.Text.Encoding.UTF8.GetBytes(e.ToString()));
            throw new StorageException($"{e.Message} {store.Records.Count} of {state.Total} runs are kept; details are in {details}.", e);
        }

        if (options.TensorBoard is { } folder)
            TensorBoardExport.Write(store, folder);
        ReportCommand.Finish(study, plan, store);
        if (options.Profile)
            Profile.Print(AnsiConsole.Console, store.Records);
        return 0;
    }

    /// <summary>How many trials each method has, so that the time left is known before they exist.</summary>
    private static Dictionary<string, int> TrialCounts(Study study, StudyPlan plan) =>
        study.Expected(plan).GroupBy(e => e.Method).ToDictionary(g => g.Key, g => g.Sum(e => e.Count));
}
