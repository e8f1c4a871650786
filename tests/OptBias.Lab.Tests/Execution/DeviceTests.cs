using System.Reflection;
using OptBias.Lab.Commands;
using OptBias.Lab.Data;
using OptBias.Lab.Execution;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Tasks;
using OptBias.Lab.Tests.Commands;
using OptBias.Lab.Tests.Studies;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Execution;

/// <summary>
/// Networks and data live on the device that was asked for. Where there is no GPU the device without memory ("meta") stands in for one:
/// its tensors have shapes and no numbers, and libtorch knows few operations on them: what is there is seen, not what is computed.
/// </summary>
public sealed class DeviceTests
{
    private static readonly Device Meta = new(DeviceType.META);

    [Theory]
    [InlineData("cpu", 0, "cpu", "cpu")]
    [InlineData("CPU", 2, "cpu", "cpu")]
    [InlineData("cuda", 1, "cuda", "cuda")]
    [InlineData("cuda:1", 2, "cuda:1", "cuda")]
    public void A_device_is_found_by_its_name(string name, int gpus, string expected, string kind)
    {
        var device = ComputeDevice.Find(name, () => gpus, () => "");
        Assert.Equal((expected, kind), (device.Name, device.Kind));
        Assert.Equal(expected.EndsWith('1') ? 1 : 0, Math.Max(0, device.Device.index));
        Assert.Equal(kind == "cuda", device.IsGpu);
    }

    [Theory]
    [InlineData("gpu", 1, "--device is 'gpu'; known are cpu, cuda (the first GPU), cuda:1 and so on.")]
    [InlineData("cuda:x", 1, "--device is 'cuda:x'; known are cpu")]
    [InlineData("cuda:-1", 1, "--device is 'cuda:-1'; known are cpu")]
    [InlineData("cuda", 0, "--device is cuda, but there is no GPU: why. Allowed here: cpu.")]
    [InlineData("cuda:1", 1, "--device is cuda:1, but libtorch sees 1 GPU. Allowed here: cpu, cuda, cuda:0.")]
    [InlineData("cuda:2", 2, "but libtorch sees 2 GPUs. Allowed here: cpu, cuda, cuda:0, cuda:1.")]
    public void A_device_that_is_not_there_is_refused_with_what_was_found_and_what_is_allowed(string name, int gpus, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => ComputeDevice.Find(name, () => gpus, () => "why")).Message, StringComparison.Ordinal);

    [SkippableFact]
    public void Without_a_GPU_the_command_line_says_why_there_is_none()
    {
        Skip.If(cuda.is_available(), "There is a GPU.");
        using var directory = new TemporaryDirectory();
        var (exit, _, error) = LaboratoryProcess.Run(directory.Path, "run", "--device", "cuda");
        Assert.Equal(2, exit);
        Assert.StartsWith("optbias: --device is cuda, but there is no GPU: ", error, StringComparison.Ordinal);
        Assert.Contains("-p:TorchBackend=cuda", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
    }

    [Theory]
    [InlineData("mlp-16x2")]
    [InlineData("cnn-16")]
    [InlineData("transformer-16x2")]
    public void A_network_lives_wholly_on_its_device(string model)
    {
        using var network = ModelSpecification.Parse(model).Create(seed: 1, Meta);
        Assert.All(network.Parameters(), p => Assert.Equal(DeviceType.META, p.Parameter.device_type));

        // Fields that hold a parameter beside the module's own list of them moved too.
        foreach (var field in network.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Where(f => f.FieldType.IsAssignableTo(typeof(Tensor))))
            Assert.Equal(DeviceType.META, ((Tensor)field.GetValue(network)!).device_type);
    }

    [Fact]
    public void Data_and_the_tasks_made_of_them_live_on_their_device()
    {
        var (train, test) = EmbeddedDigits.Create(60, 20);
        using var data = ImageData.Of("few", train, test);
        using var moved = data.To(Meta);
        Assert.Equal(data.Description, moved.Description);
        Assert.Equal(DeviceType.CPU, data.Device.type);
        Assert.Equal(DeviceType.META, moved.Device.type);
        var plan = new TrainingPlan { Epochs = 1, BatchSize = 8, EvaluationLimit = 10 };

        // libtorch's stand-in can neither reorder nor turn images, so this is the scenario without either.
        using var sets = new TaskSets(moved, new SingleTask(), plan, onValidation: false, seed: 1);
        foreach (var set in new[] { sets.Training(0), sets.Evaluation(0) })
            Assert.Equal((DeviceType.META, DeviceType.META), (set.Images.device_type, set.Labels.device_type));
    }

    [Fact]
    public void Moved_data_are_the_same_and_do_not_depend_on_the_first()
    {
        var (train, test) = EmbeddedDigits.Create(60, 20);
        using var data = ImageData.Of("few", train, test);
        using var moved = data.To(torch.CPU);
        var before = data.Train.Images.data<float>().ToArray();
        data.Train.Images.zero_();
        Assert.Equal(before, moved.Train.Images.data<float>().ToArray());
        Assert.Equal(data.Train.Labels.data<long>().ToArray(), moved.Train.Labels.data<long>().ToArray());
    }

    [Fact]
    public void Runs_of_a_GPU_do_not_share_a_folder_with_those_of_the_CPU_and_their_report_needs_none()
    {
        using var directory = new TemporaryDirectory();
        var laboratory = TinyStudies.Laboratory;
        var study = laboratory.Studies[0];
        var onCpu = laboratory.Plan(study, "quick", ["Sgd"], null, null);
        var onGpu = onCpu with { Device = "cuda" };
        var manifest = onGpu.Manifest(study, "some data", "optbias run");
        Assert.Equal(["device: the folder has (none), asked for is cuda"], onCpu.Manifest(study, "some data", "optbias run").DifferencesFrom(manifest));

        RunStore.Open(directory.Path, manifest, fresh: false).Dispose();
        using var store = RunStore.OpenExisting(directory.Path);
        Assert.Equal("cuda", laboratory.Of(store).Plan.Device);
    }

    [Fact]
    public void A_folder_from_before_there_was_a_choice_is_one_of_the_CPU()
    {
        using var directory = new TemporaryDirectory();
        var laboratory = TinyStudies.Laboratory;
        var study = laboratory.Studies[0];
        RunStore.Open(directory.Path, laboratory.Plan(study, "quick", ["Sgd"], null, null).Manifest(study, "some data", ""), fresh: false).Dispose();
        var path = Path.Combine(directory.Path, "manifest.json");
        var text = File.ReadAllText(path);
        Assert.Contains("\"device\": \"cpu\"", text, StringComparison.Ordinal);
        File.WriteAllText(path, System.Text.RegularExpressions.Regex.Replace(text, ",\\s*\"device\": \"cpu\"", ""));
        using var store = RunStore.OpenExisting(directory.Path);
        Assert.Equal("cpu", laboratory.Of(store).Plan.Device);
    }
}
