using System.Text;
using OptBias.Lab.Commands;
using OptBias.Lab.Data;
using OptBias.Lab.Models;
using OptBias.Lab.Storage;
using OptBias.Lab.Studies;
using OptBias.Lab.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace OptBias.Lab.Tests.Studies;

public sealed class TextStudyTests : IDisposable
{
    private static readonly Preset Tiny = new("quick", Seeds: 2, TuningSeeds: 1, Rates: 2, Epochs: 1, BatchSize: 32, EvaluationLimit: 16) { WholeTaskFraction = 0.5 };
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => this.directory.Dispose();

    [Fact]
    public void Languages_are_learnt_one_after_another_and_forgotten_in_bits()
    {
        var results = Path.Combine(this.directory.Path, "text");
        var laboratory = new Laboratory([new TextStudy([Tiny])], DeclaredOptimizers.Default);
        Assert.Equal(0, CommandLine.Run(["run", "text", "--optimizers", "Sgd,AdamW", "--model", "bytes-16x1", "--out", results], laboratory));
        using var store = RunStore.OpenExisting(results);
        Assert.Equal((2 * 2 * 3) + 2, store.Records.Count);
        var untrained = store.Records.Where(r => r.Phase == Phase.Untrained).Average(r => r.Metric(MetricNames.AverageBits));
        Assert.InRange(untrained, 7.5, 9);
        var adam = store.Records.Where(r => r.Phase == Phase.Result && r.Method == "AdamW" && r.Diverged is null).ToArray();
        Assert.True(adam.Min(r => r.Metric(MetricNames.LearningBits)) < untrained - 1, $"{adam.Min(r => r.Metric(MetricNames.LearningBits))} after training, {untrained} before");
        foreach (var run in adam)
        {
            var bits = run.Curves.Where(c => c.Name == "bits per byte").ToArray();
            Assert.Equal(4, bits.Length);
            Assert.Equal(bits.Average(c => c.Y[^1]), run.Metric(MetricNames.AverageBits), 9);
            Assert.Equal(bits.Take(3).Select((c, i) => c.Y[3] - c.Y.Skip(i).Take(3 - i).Min()).Average(), run.Metric(MetricNames.ForgettingBits), 9);
            Assert.True(double.IsFinite(run.Metric(MetricNames.EffectiveRank)) && run.Metric(MetricNames.RelativeWeightChange) > 0);
        }

        var page = File.ReadAllText(Path.Combine(results, "report.html"));
        Assert.All(["Forgetting at equal learning bits per byte", "Untrained", "untrained"], part => Assert.Contains(part, page));
        Assert.Equal(0, CommandLine.Run(["report", results], laboratory));
    }

    [Fact]
    public void A_position_sees_itself_and_what_is_before_it()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var network = ModelSpecification.Parse("bytes-16x2").Create(1);
        long[] bytes = [.. Enumerable.Range(0, ByteTransformer.Context).Select(i => (long)(i * 7 % 256))];
        var before = network.forward(tensor(bytes, [1, ByteTransformer.Context]));
        bytes[40] = 3;
        var after = network.forward(tensor(bytes, [1, ByteTransformer.Context]));
        var changed = (before - after).abs().amax([1]).data<float>().ToArray();
        Assert.All(changed[..40], c => Assert.Equal(0, c));
        Assert.All(changed[40..], c => Assert.True(c > 0));
        Assert.Equal([ByteTransformer.Context, 256], before.shape);
    }

    [Fact]
    public void Artificial_languages_are_the_same_on_every_machine_and_differ_from_each_other()
    {
        using var data = TextData.Load(null);
        using var again = TextData.Load("");
        Assert.Equal(data.Fingerprint, again.Fingerprint);
        Assert.Equal(4, data.Languages.Count);
        Assert.Equal(4, data.Languages.Select(l => string.Join(',', l.Train.CountBy(b => b).OrderByDescending(c => c.Value).Take(5).Select(c => c.Key))).Distinct().Count());
        Assert.All(data.Languages, l => Assert.DoesNotContain(Encoding.UTF8.GetString(l.Test)[..200], Encoding.UTF8.GetString(l.Train)));
    }

    [Fact]
    public void Texts_of_a_directory_are_read_and_the_end_of_the_training_text_tunes()
    {
        this.Write("fi", 24_000, 6_000);
        this.Write("de", 24_000, 6_000);
        using var data = TextData.Load(this.directory.Path);
        Assert.Equal(["de", "fi"], data.Languages.Select(l => l.Name));
        Assert.Equal((20_000, 4_000, 6_000), (data.Languages[0].Train.Length, data.Languages[0].Validation.Length, data.Languages[0].Test.Length));
        using var sets = new TextSets(data, new() { Epochs = 1, EvaluationLimit = 5 }, onValidation: false);
        var set = sets.Evaluation(0);
        Assert.Equal([5, ByteTransformer.Context], set.Images.shape);
        var (inputs, targets) = (set.Images.data<long>().ToArray(), set.Labels.data<long>().ToArray());
        Assert.Equal(inputs[1..ByteTransformer.Context], targets[..(ByteTransformer.Context - 1)]);
    }

    [Theory]
    [InlineData("has no NAME-train.txt")]
    [InlineData("fi-test.txt: cannot be read", "fi")]
    [InlineData("has 1 languages", "fi", "fi-test")]
    [InlineData("the language de has 100 bytes to train", "fi", "fi-test", "short")]
    [InlineData("is no UTF-8 text", "fi", "fi-test", "latin")]
    public void What_is_wrong_with_a_directory_of_texts_is_said(string message, params string[] files)
    {
        foreach (var file in files)
        {
            switch (file)
            {
                case "fi":
                    File.WriteAllText(Path.Combine(this.directory.Path, "fi-train.txt"), new string('a', 24_000));
                    break;
                case "fi-test":
                    File.WriteAllText(Path.Combine(this.directory.Path, "fi-test.txt"), new string('a', 6_000));
                    break;
                case "short":
                    this.Write("de", 100, 100);
                    break;
                default:
                    this.Write("de", 24_000, 6_000);
                    File.WriteAllBytes(Path.Combine(this.directory.Path, "de-test.txt"), [.. Enumerable.Repeat((byte)0xE4, 6_000)]);
                    break;
            }
        }

        Assert.Contains(message, Assert.Throws<DataException>(() => TextData.Load(this.directory.Path)).Message);
    }

    [Theory]
    [InlineData("text", "mlp", "The study text is of text, and the model mlp takes images.")]
    [InlineData("sparsity", "bytes", "The study sparsity is of images, and the model bytes takes text.")]
    public void Images_and_text_are_not_mixed(string study, string model, string message)
    {
        var laboratory = Laboratory.Default;
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => laboratory.Plan(laboratory.Find(study), "quick", null, model, null)).Message);
    }

    private void Write(string name, int train, int test)
    {
        File.WriteAllText(Path.Combine(this.directory.Path, name + "-train.txt"), string.Concat(Enumerable.Range(0, train).Select(i => (char)('a' + (i % 26)))));
        File.WriteAllText(Path.Combine(this.directory.Path, name + "-test.txt"), string.Concat(Enumerable.Range(0, test).Select(i => (char)('a' + (i % 25)))));
    }
}
