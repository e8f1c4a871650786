using System.CommandLine;
using OptBias.Lab.Execution;
using OptBias.Lab.Storage;
using OptBias.Lab.Sweeps;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias task</c>: one slice of a stage. Sweeps start it, by hand nobody needs it.</summary>
internal static class TaskCommand
{
    /// <summary>Exit code where a run failed: Slurm then keeps what depends on the task from starting.</summary>
    private const int SomeFailed = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Create(Laboratory laboratory)
    {
        var options = new StudyOptions(laboratory);
        var stage = new Option<string>("--stage") { Required = true, Description = "The stage of the study." };
        var slice = new Option<string>("--slice") { Required = true, Description = "Which of how many slices: 3/40." };
        var cores = new Option<string?>("--cores") { Description = "Cores to stay on: 0,1." };
        var command = new Command("task", "Runs one slice of a stage of a sweep.") { Hidden = true };
        options.AddTo(command);
        foreach (var option in new Option[] { stage, slice, cores })
            command.Options.Add(option);
        command.SetAction(parsed => Run(laboratory, options.Read(parsed), parsed.GetRequiredValue(stage), Slice.Parse(parsed.GetRequiredValue(slice)), parsed.GetValue(cores)));
        return command;
    }

    private static int Run(Laboratory laboratory, RunOptions options, string stage, Slice slice, string? cores)
    {
        if (cores is not null)
            TaskShare.Pin(cores);
        var study = laboratory.Find(options.Study);
        var device = ComputeDevice.Find(options.Device);
        var planned = laboratory.Plan(study, options.Preset, options.Optimizers, options.Model, options.Seeds) with { Device = device.Kind };
        using var loaded = study.Load(options.Data);
        using var moved = device.IsGpu ? loaded.To(device.Device) : null;
        var data = moved ?? loaded;
        var plan = planned.On(data);
        using var interrupt = new Interrupt();
        using var store = RunStore.Join(options.Folder(study), plan.Manifest(study, data.Description, options.CommandLine(study, plan)), Patience);
        ReportCommand.Warn(store, "The run is done again");
        var task = new SweepTask { Study = study, Plan = plan, Stage = stage, Slice = slice, Jobs = options.Jobs ?? TaskShare.Jobs() };
        return task.Run(data, laboratory.Optimizers, store, Console.Out, interrupt.Token) ? 0 : SomeFailed;
    }
}
