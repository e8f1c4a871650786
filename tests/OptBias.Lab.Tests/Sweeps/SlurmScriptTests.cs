using OptBias.Lab.Sweeps;
using OptBias.Lab.Sweeps.Slurm;

namespace OptBias.Lab.Tests.Sweeps;

public sealed class SlurmScriptTests
{
    [Fact]
    public void The_script_is_plain_sbatch_and_its_arrays_depend_on_each_other()
    {
        var sweep = new Sweep(
            "fake", "/shared/my results",
            [new("tuning", 40, [1, 2, 3, 7], 12), new("results", 40, [.. Enumerable.Range(1, 40)], null)],
            ["optbias", "task", "fake", "--preset", "full", "--out", "/shared/my results"],
            new() { Cpus = 4, ArrayLimit = 20, Partition = "long", Time = "4:00:00", Gres = "gpu:1", Setup = "#!/bin/bash\n#SBATCH --account=a1\nmodule load dotnet\n" });
        Assert.Equal(
            """
            tuning=$(sbatch --parsable <<'END'
            #!/bin/bash
            #SBATCH --job-name=fake-tuning
            #SBATCH --array=1-3,7%20
            #SBATCH --cpus-per-task=4
            #SBATCH --partition=long
            #SBATCH --time=4:00:00
            #SBATCH --gres=gpu:1
            #SBATCH --output="/shared/my results/slurm/tuning-%a.out"
            #SBATCH --open-mode=append
            #SBATCH --requeue
            #SBATCH --account=a1

            module load dotnet
            exec optbias task fake --preset full --out '/shared/my results' --stage tuning --slice "$SLURM_ARRAY_TASK_ID/40"
            END
            )

            results=$(sbatch --parsable --dependency=afterok:$tuning --kill-on-invalid-dep=yes <<'END'
            #!/bin/bash
            #SBATCH --job-name=fake-results
            #SBATCH --array=1-40%20
            #SBATCH --cpus-per-task=4
            #SBATCH --partition=long
            #SBATCH --time=4:00:00
            #SBATCH --gres=gpu:1
            #SBATCH --output="/shared/my results/slurm/results-%a.out"
            #SBATCH --open-mode=append
            #SBATCH --requeue
            #SBATCH --account=a1

            module load dotnet
            exec optbias task fake --preset full --out '/shared/my results' --stage results --slice "$SLURM_ARRAY_TASK_ID/40"
            END
            )

            """.ReplaceLineEndings("\n"),
            SlurmEngine.DryRun(sweep));
    }

    [Theory]
    [InlineData("sbatch: error: invalid partition specified: nix", "--partition")]
    [InlineData("sbatch: error: Batch job submission failed: Invalid job array specification", "MaxArraySize")]
    [InlineData("sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)", "quota")]
    [InlineData("sbatch: error: QOSMaxSubmitJobPerUserLimit", "quota")]
    [InlineData("sbatch: error: Batch job submission failed: Requested node configuration is not available", "--cpus")]
    [InlineData("sbatch: error: Batch job submission failed: Invalid generic resource (gres) specification", "--gres")]
    [InlineData("sbatch: error: Memory specification can not be satisfied", "--setup")]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", "try again later")]
    public void A_refusal_says_what_to_do(string said, string advice) => Assert.Contains(advice, SlurmProgram.Advice(said));

    [Fact]
    public void Squeue_is_read() => Assert.Equal(
        [new("12", 3, "RUNNING", "None", "node7"), new("13", 40, "PENDING", "Dependency", "")],
        SlurmQueue.Parse("12_3|RUNNING|None|node7\n13_40|PENDING|Dependency|\nsomething else\n"));

    [Fact]
    public void Where_there_is_no_Slurm_the_message_says_so_and_what_else_to_do() =>
        Assert.Contains("--engine local", Assert.Throws<SlurmException>(() => SlurmProgram.Run("sbatch-that-is-nowhere")).Message);
}
