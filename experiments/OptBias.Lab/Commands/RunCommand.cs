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
        var study = new Argument<string>("study") { DefaultValueFactory = _ => laboratory.Studies[0].Name, Description = "The study; optbias list names them." };
        var preset = new Option<string>("--preset") { DefaultValueFactory = _ => "quick", Description = "quick, standard or full." };
        var optimizers = new Option<string[]>("--optimizers") { Description = "Optimizers instead of the study's own: A,B.", AllowMultipleArgumentsPerToken = true };
        var seeds = new Option<int?>("--seeds") { Description = "Number of seeds of the results." };
        var model = new Option<string?>("--model") { Description = "mlp, cnn or transformer, bytes for text; with a size if wanted: mlp-256x3." };
        var data = new Option<string?>("--data") { Description = "Directory with IDX files under the MNIST names; for text with NAME-train.txt and NAME-test.txt. Default: $OPTBIAS_DATA, else the embedded data." };
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu", Description = "Where networks and data live: cpu, cuda (the first GPU), cuda:1 ..." };
        var jobs = new Option<int?>("--jobs") { Description = "Runs at the same time. Default: one for each core." };
        var output = new Option<string?>("--out") { Description = "Folder of the results. Default: results/STUDY." };
        var fresh = new Option<bool>("--fresh") { Description = "Throw away the runs that the folder holds." };
        var profile = new Option<bool>("--profile") { Description = "Say at the end where the time went." };
        var tensorBoard = new Option<string?>("--tensorboard") { Description = "Folder for event files that TensorBoard reads." };
        var command = new Command("run", "Runs a study, or goes on where it stopped, and makes its report.")
        {
            study, preset, optimizers, seeds, model, data, device, jobs, output, fresh, profile, tensorBoard,
        };
        command.SetAction(parsed => Run(laboratory, new()
        {
            Study = parsed.GetRequiredValue(study),
            Preset = parsed.GetRequiredValue(preset),
            Optimizers = [.. (parsed.GetValue(optimizers) ?? []).SelectMany(o => o.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
            Seeds = parsed.GetValue(seeds),
            Model = parsed.GetValue(model),
            Data = parsed.GetValue(data) ?? System.Environment.GetEnvironmentVariable("OPTBIAS_DATA"),
            Device = parsed.GetRequiredValue(device),
            Jobs = parsed.GetValue(jobs),
            Output = parsed.GetValue(output),
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
        var plan = laboratory.Plan(study, options.Preset, options.Optimizers, options.Model, options.Seeds) with { Device = device.Kind };
        if (options.Jobs is < 1)
            throw new ArgumentException($"--jobs is {options.Jobs}; give a number of at least 1.");
        var jobs = options.Jobs ?? System.Environment.ProcessorCount;
        var directory = options.Output ?? Path.Combine("results", study.Name);
        using var loaded = study.Load(options.Data);
        using var moved = device.IsGpu ? loaded.To(device.Device) : null;
        var data = moved ?? loaded;
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
