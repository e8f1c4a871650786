using System.Globalization;
using System.Text;
using OptBias.Optimizers;
using OptBias.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>
/// Damaged files: whatever they are, the answer is one of the documented exceptions, no more memory than the file is large, and the state
/// as it was. OPTBIAS_FUZZ sets the number of inputs of each kind; docs/testing.md has the command.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    /// <summary>Inputs of each of the five kinds, so that all are 5,000.</summary>
    private const int Usual = 1_000;

    /// <summary>Managed memory that one small file may take.</summary>
    private const long MostMemory = 16_000_000;

    private static readonly int Inputs = int.TryParse(Environment.GetEnvironmentVariable("OPTBIAS_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var inputs) ? inputs / 5 : Usual;

    private readonly Folder folder = new();

    private string File => this.folder["x"];

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_checkpoint_with_damaged_bytes() => this.Checkpoints((mutator, sound) => mutator.Blindly(sound));

    [Fact]
    public void A_checkpoint_with_a_damaged_header() => this.Checkpoints((mutator, sound) => mutator.InHeader(sound));

    [Fact]
    public void A_checkpoint_that_was_changed_by_somebody_who_knows_the_checksum() => this.Checkpoints(Forge);

    [Fact]
    public void A_state_dict_in_a_stream()
    {
        using var first = Make("Soap", 1);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            first.save_state_dict(writer);
        var sound = stream.ToArray();
        using var other = Make("Soap", 2);
        this.Run(4, other, sound, static (mutator, bytes) => mutator.Blindly(bytes), bytes => other.load_state_dict(new BinaryReader(new MemoryStream(bytes))));
    }

    [Fact]
    public void A_trajectory()
    {
        var paths = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "trajectories"), "*.safetensors").Order(StringComparer.Ordinal).ToList();
        var sound = paths.Select(System.IO.File.ReadAllBytes).OrderBy(bytes => bytes.Length).First();
        var mutator = new Mutator(5);
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = i % 2 == 0 ? mutator.Blindly(sound) : mutator.InHeader(sound);
            System.IO.File.WriteAllBytes(this.File, bytes);
            var memory = GC.GetAllocatedBytesForCurrentThread();
            var exception = Record.Exception(() => Trajectory.Load(this.File));
            Assert.True(exception is null or InvalidDataException, $"input {i}: {exception}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - memory, 0, MostMemory + (8 * bytes.Length));
        }
    }

    /// <summary>Changes the JSON or a tensor of a checkpoint, and writes the checksum that belongs to it.</summary>
    private static byte[] Forge(Mutator mutator, byte[] sound)
    {
        var file = SafeTensors.Read(new MemoryStream(sound), "sound");
        var metadata = file.Metadata.ToDictionary();
        var tensors = file.ToList();
        var keys = metadata.Keys.Where(key => key != CheckpointChecksum.Key).ToList();
        switch (mutator.Next(8))
        {
            case 0:
                tensors.RemoveAt(mutator.Next(tensors.Count));
                break;
            case 1:
                var other = tensors[mutator.Next(tensors.Count)];
                tensors.Add(new SafeTensor(other.Name + "x", other.Type, other.Shape, other.Bytes.ToArray()));
                break;
            case 2:
                var place = mutator.Next(tensors.Count);
                var old = tensors[place];
                tensors[place] = new SafeTensor(old.Name, SafeTensorType.U8, [old.Bytes.Length], old.Bytes.ToArray());
                break;
            case 3:
                metadata.Remove(keys[mutator.Next(keys.Count)]);
                break;
            default:
                var key = mutator.Next(3) == 0 ? keys[mutator.Next(keys.Count)] : mutator.Next(2) == 0 ? "groups" : "parameters";
                metadata[key] = mutator.InText(metadata[key]);
                break;
        }

        metadata[CheckpointChecksum.Key] = CheckpointChecksum.Of(tensors, metadata);
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, new SafeTensorsFile(tensors, metadata));
        return stream.ToArray();
    }

    private static DeclaredOptimizer Make(string name, int seed)
    {
        using var generator = new Generator((ulong)seed);
        Parameter New(params long[] shape) => new(randn(shape, generator: generator)) { grad = randn(shape, generator: generator) };
        var optimizer = Declared.Find(name).Create([New(3), New(2, 3)], new Dictionary<string, double> { ["lr"] = 0.01 * seed });
        optimizer.step();
        optimizer.step();
        return optimizer;
    }

    private void Checkpoints(Func<Mutator, byte[], byte[]> mutate)
    {
        string[] names = ["Soap", "Muon", nameof(Adafactor), "NarrowMasterAdamW"];
        for (var k = 0; k < names.Length; k++)
        {
            using var first = Make(names[k], 1);
            first.Save(this.File);
            var sound = System.IO.File.ReadAllBytes(this.File);
            using var other = Make(names[k], 2);
            var allow = (CheckpointDifferences)(k % 2 == 0 ? 0 : 7);
            this.Run(k, other, sound, mutate, bytes =>
            {
                System.IO.File.WriteAllBytes(this.File, bytes);
                other.Load(this.File, allow);
            }, Inputs / names.Length);
        }
    }

    private void Run(int seed, DeclaredOptimizer optimizer, byte[] sound, Func<Mutator, byte[], byte[]> mutate, Action<byte[]> load, int? inputs = null)
    {
        var mutator = new Mutator(seed);
        var before = Bits.Of(optimizer);
        for (var i = 0; i < (inputs ?? Inputs); i++)
        {
            var bytes = mutate(mutator, sound);
            var memory = GC.GetAllocatedBytesForCurrentThread();
            var exception = Record.Exception(() => load(bytes));
            Assert.True(exception is null or InvalidDataException or CheckpointMismatchException, $"input {i}: {exception}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - memory, 0, MostMemory);
            var after = Bits.Of(optimizer);
            if (exception is not null)
                Assert.True(before == after, $"input {i} was refused and has changed the state: {exception.Message}");
            before = after;
        }

        // What was loaded was sound: a step can be taken, or is refused with a message.
        var step = Record.Exception(() => optimizer.step());
        Assert.True(step is null or InvalidOperationException or ArgumentException, $"{step}");
    }
}
