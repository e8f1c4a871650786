using System.CommandLine;
using OptBias.Lab.Execution;
using OptBias.Lab.Reports;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Sweeps;
using OptBias.Lab.Sweeps.Slurm;

namespace OptBias.Lab.Commands;

/// <summary><c>optbias sweep STUDY</c>: what <c>optbias run</c> does, in many processes, on this machine or on a cluster.</summary>
internal static class SweepCommand
{
    private const int DefaultArrayTasks = 100;

    public static Command Create(Laboratory laboratory)
    {
        var options = new StudyOptions(laboratory);
        var engine = new Option<string>("--engine") { DefaultValueFactory = _ => SweepFile.Local, Description = "local: processes on this machine; slurm: job arrays." };
        engine.AcceptOnlyFromAmong(SweepFile.Local, SweepFile.Slurm);
        var tasks = new Option<int?>("--tasks") { Description = "Tasks of each stage, at most. Default: 100 with Slurm, else as many as run at the same time." };
        var cpus = new Option<int>("--cpus") { DefaultValueFactory = _ => 1, Description = "Cores of a task, which are its runs at the same time." };
        var limit = new Option<int?>("--array-limit") { Description = "Tasks at the same time. Default: as many as there is room for." };
        var partition = new Option<string?>("--partition") { Description = "Slurm's partition." };
        var time = new Option<string?>("--time") { Description = "Longest time of a task, as Slurm takes it: 4:00:00." };
        var gres = new Option<string?>("--gres") { Description = "Slurm's generic resources: gpu:1. With a GPU the runs are on it, unless --device says otherwise." };
        var setup = new Option<string?>("--setup") { Description = "File with shell commands (module load ...) and #SBATCH lines for the script." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be submitted, and do nothing." };
        var fresh = new Option<bool>("--fresh") { Description = "Throw away the runs that the folder holds." };
        var command = new Command("sweep", "Runs what is missing of a study as many processes, here or as job arrays on Slurm.");
        options.AddTo(command, withJobs: false);
        foreach (var option in new Option[] { engine, tasks, cpus, limit, partition, time, gres, setup, dryRun, fresh })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var isSlurm = parsed.GetRequiredValue(engine) == SweepFile.Slurm;
            if (!isSlurm && new Option[] { partition, time, gres, setup }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } foreign)
                throw new ArgumentException($"{foreign.Name} is for --engine slurm; processes on this machine have no such thing.");
            var resources = new TaskResources
            {
                Cpus = StudyOptions.Checked("--cpus", parsed.GetValue(cpus))!.Value,
                ArrayLimit = StudyOptions.Checked("--array-limit", parsed.GetValue(limit)),
                Partition = parsed.GetValue(partition),
                Time = parsed.GetValue(time),
                Gres = parsed.GetValue(gres),
                Setup = parsed.GetValue(setup) is { } file ? File.ReadAllText(file) : null,
            };
            var run = options.Read(parsed) with { Fresh = parsed.GetValue(fresh) };
            if (!options.HasDevice(parsed) && resources.Gres?.Contains("gpu", StringComparison.OrdinalIgnoreCase) == true)
                run = run with { Device = "cuda" };
            return new SweepRun(laboratory, run, resources, StudyOptions.Checked("--tasks", parsed.GetValue(tasks)), parsed.GetValue(dryRun)).Execute(isSlurm);
        });
        return command;
    }

    /// <summary>One call of the command.</summary>
    private sealed class SweepRun(Laboratory laboratory, RunOptions options, TaskResources resources, int? wantedTasks, bool isDryRun)
    {
        public int Execute(bool isSlurm)
        {
            var study = laboratory.Find(options.Study);
            // Where tasks run on other machines, this one need not have their GPU.
            var device = isSlurm ? ComputeDevice.Find(options.Device, () => 1, () => "") : ComputeDevice.Find(options.Device);
            var plan = laboratory.Plan(study, options.Preset, options.Optimizers, options.Model, options.Seeds) with { Device = device.Kind };
            string description;
            using (var data = study.Load(options.Data))
                (description, plan) = (data.Description, plan.On(data));
            var directory = Path.GetFullPath(options.Folder(study));
            var manifest = plan.Manifest(study, description, options.CommandLine(study, plan));
            using var store = isDryRun ? null : this.Open(directory, manifest);
            using var existing = store is null && RunStore.IsIn(directory) && !options.Fresh ? RunStore.OpenExisting(directory) : null;
            var seen = store ?? existing;
            if (existing is not null)
                laboratory.Of(existing);

            var places = resources.ArrayLimit ?? (isSlurm ? DefaultArrayTasks : Math.Max(1, System.Environment.ProcessorCount / resources.Cpus));
            var tasks = wantedTasks ?? (isSlurm ? DefaultArrayTasks : places);
            var states = seen is null ? StageState.OfNothing(study, plan) : StageState.Of(study, plan, seen);
            var command = LocalProcess.Program.Concat(["task", .. options.Words(study, plan, options.Data is { Length: > 0 } d ? Path.GetFullPath(d) : ""), "--out", directory]);
            var sweep = new Sweep(study.Name, directory, SweepStage.Of(states, StageState.ExpectedLater(study, plan, states), tasks), [.. command], resources);
            if (isDryRun)
            {
                Console.Write(isSlurm ? SlurmEngine.DryRun(sweep) : string.Concat(sweep.Stages.SelectMany(s => s.Numbers.Select(n => string.Join(' ', sweep.TaskCommand(s, $"{n}")) + "\n"))));
                return 0;
            }

            if (sweep.Stages.Count > 0)
                TaskFile.RemoveAll(directory);
            store!.LetTasksIn();
            if (sweep.Stages.Count > 0 && isSlurm)
                return Submit(sweep);
            this.RunHere(study, plan, store, sweep, tasks, places);
            ReportCommand.Finish(study, plan, store);
            return 0;
        }

        private static int Submit(Sweep sweep)
        {
            var jobs = SlurmEngine.Submit(sweep);
            new SweepFile
            {
                Engine = SweepFile.Slurm,
                Host = System.Environment.MachineName,
                Process = System.Environment.ProcessId,
                Cpus = sweep.Resources.Cpus,
                ArrayLimit = sweep.Resources.ArrayLimit,
                Jobs = jobs,
            }.Write(sweep.Directory);
            string? before = null;
            foreach (var stage in sweep.Stages)
            {
                Console.WriteLine($"{stage.Stage}: {(stage.Runs is { } runs ? Counted.Runs(runs) : "runs")} in {stage.Numbers.Count} {(stage.Numbers.Count == 1 ? "task" : "tasks")}, job {jobs[stage.Stage]}{(before is null ? "" : $", after {before}")}");
                before = jobs[stage.Stage];
            }

            Console.WriteLine($"optbias status {sweep.Directory} shows how far they are, optbias cancel {sweep.Directory} ends them.");
            return 0;
        }

        private RunStore Open(string directory, Manifest manifest)
        {
            RefuseWhileQueued(directory);
            var store = RunStore.Open(directory, manifest, options.Fresh);
            ReportCommand.Warn(store, "The run is done again");
            return store;
        }

        /// <summary>Locks do not reach every node, and a task that waits holds none: Slurm knows.</summary>
        private static void RefuseWhileQueued(string directory)
        {
            if (SweepFile.Read(directory) is not { Engine: SweepFile.Slurm } before)
                return;
            var queued = SlurmQueue.Read(before.Jobs.Values);
            if (queued.Count > 0)
                throw new StorageException($"A sweep of {directory} is still queued: {queued.Count(t => t.IsRunning)} of its tasks run and {queued.Count(t => !t.IsRunning)} wait (job {string.Join(", ", queued.Select(t => t.Job).Distinct())}). Wait for them, or end them with optbias cancel {directory}.");
        }

        private void RunHere(Study study, StudyPlan plan, RunStore store, Sweep sweep, int tasks, int places)
        {
            if (sweep.Stages.Count == 0)
                return;
            new SweepFile { Engine = SweepFile.Local, Host = System.Environment.MachineName, Process = System.Environment.ProcessId, Cpus = resources.Cpus, ArrayLimit = places }.Write(store.Directory);
            using var interrupt = new Interrupt();
            var engine = new LocalEngine(sweep, places, Console.Out);
            foreach (var planned in sweep.Stages)
            {
                // What a stage runs is known when the one before is finished.
                var states = StageState.Of(study, plan, store);
                if (SweepStage.Of(states, 0, tasks).FirstOrDefault(s => s.Stage == planned.Stage) is not { } stage)
                    continue;
                var failures = this.RunStage(engine, stage, store, interrupt.Token);
                store.Reload();
                if (failures.Count > 0)
                    throw new StorageException($"{string.Join("\n  ", failures)}\n  {Counted.Runs(store.Records.Count)} kept in {store.Directory}; optbias status shows what failed, and the same command goes on.");
            }
        }

        private IReadOnlyList<string> RunStage(LocalEngine engine, SweepStage stage, RunStore store, CancellationToken cancellation)
        {
            try
            {
                return engine.Run(stage, cancellation);
            }
            catch (OperationCanceledException)
            {
                store.Reload();
                Console.Error.WriteLine($"Stopped. {Counted.Runs(store.Records.Count)} kept in {store.Directory}; the same command goes on.");
                throw;
            }
        }
    }
}
