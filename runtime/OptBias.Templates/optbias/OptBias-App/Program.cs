using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// Two spirals: which of the two does a point of the plane belong to?
manual_seed(1);
const int points = 200;
using var angle = linspace(0.5, 3 * Math.PI, points).repeat(2);
using var side = cat([ones(points), -ones(points)]);
using var inputs = stack([angle * angle.cos() * side, angle * angle.sin() * side], dim: 1) / 10;
using var labels = cat([zeros(points, ScalarType.Int64), ones(points, ScalarType.Int64)]);

using var model = Sequential(Linear(2, 32), Tanh(), Linear(32, 32), Tanh(), Linear(32, 2));
using var optimizer = new OptBiasNamespace.MyOptimizer(model.parameters());

for (var step = 0; step <= 500; step++)
{
    using var scope = NewDisposeScope();
    var outputs = model.forward(inputs);
    var loss = functional.cross_entropy(outputs, labels);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();

    if (step % 100 == 0)
    {
        var accuracy = outputs.argmax(1).eq(labels).to_type(ScalarType.Float32).mean();
        Console.WriteLine(FormattableString.Invariant(
            $"step {step,3}  loss {loss.item<float>():F4}  accuracy {accuracy.item<float>():P0}"));
    }
}
