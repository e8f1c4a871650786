using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace OptBias.Benchmarks.Works;

/// <summary>A network to train, with one batch of inputs.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Make">Makes it.</param>
/// <param name="Input">The shape of a batch of 128.</param>
public sealed record Network(string Name, Func<Module<Tensor, Tensor>> Make, long[] Input)
{
    private const int Batch = 128;

    /// <summary>The networks that are measured.</summary>
    public static IReadOnlyList<Network> All { get; } =
    [
        new("MLP 784-256-256-10", () => Sequential(("1", Linear(784, 256)), ("r1", ReLU()), ("2", Linear(256, 256)), ("r2", ReLU()), ("3", Linear(256, 10))), [Batch, 784]),
        new("CNN, 3x3 kernels, 16 and 32 channels", () => Sequential(
            ("1", Conv2d(1, 16, 3, padding: Padding.Same)), ("r1", ReLU()), ("p1", MaxPool2d(2)),
            ("2", Conv2d(16, 32, 3, padding: Padding.Same)), ("r2", ReLU()), ("p2", MaxPool2d(2)),
            ("f", Flatten()), ("3", Linear(32 * 7 * 7, 10))), [Batch, 1, 28, 28]),
        new("transformer, 2 layers of width 64, 16 patches", () => new Transformer(), [Batch, 16, 49]),
    ];

    private sealed class Transformer : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> embed = Linear(49, 64);
        private readonly TorchSharp.Modules.TransformerEncoder encoder = TransformerEncoder(TransformerEncoderLayer(64, 4, 128, dropout: 0), 2);
        private readonly Module<Tensor, Tensor> head = Linear(64, 10);

        public Transformer()
            : base("transformer") => this.RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var tokens = this.embed.forward(input).transpose(0, 1);
            return this.head.forward(this.encoder.forward(tokens, null, null).mean([0])).MoveToOuterDisposeScope();
        }
    }
}
