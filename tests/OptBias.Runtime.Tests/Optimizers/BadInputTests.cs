using OptBias.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace OptBias.Runtime.Tests;

/// <summary>Bad input gets an error that says what, where, and what is allowed; nothing has changed then.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Problem problem = new(ScalarType.Float32, 1, [3], [4]);

    public void Dispose() => this.problem.Dispose();

    [Fact]
    public void An_empty_list_of_parameters()
    {
        var exception = Assert.Throws<ArgumentException>(() => new AdamW(Array.Empty<Parameter>()));
        Assert.Contains("AdamW: there is no parameter to optimize", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_given_twice()
    {
        var exception = Assert.Throws<ArgumentException>(() => new AdamW([this.problem.Parameters[0], this.problem.Parameters[0]]));
        Assert.Contains("parameter 1 of group 0 is given twice", exception.Message, StringComparison.Ordinal);

        exception = Assert.Throws<ArgumentException>(() => new AdamW([("weight", this.problem.Parameters[0]), ("bias", this.problem.Parameters[0])]));
        Assert.Contains("parameter 'bias' is given twice", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_given_to_two_groups()
    {
        using var optimizer = new AdamW([this.problem.Parameters[0]]);
        Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new AdamW.ParamGroup([this.problem.Parameters[0]])));
        Assert.Single(optimizer.ParamGroups);
    }

    [Fact]
    public void An_integer_parameter()
    {
        using var integers = new Parameter(torch.ones(3, dtype: ScalarType.Int64), requires_grad: false);
        var exception = Assert.Throws<ArgumentException>(() => new AdamW([integers]));
        Assert.Contains("parameter 0 of group 0 is Int64; only real floating point", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sparse_gradient_leaves_all_parameters_as_they_were()
    {
        using var optimizer = new AdamW(this.problem.Parameters);
        this.problem.SetGradients(0);
        this.problem.Parameters[1].grad = torch.ones(4).to_sparse();
        using var before = this.problem.Parameters[0].clone();
        var exception = Assert.Throws<InvalidOperationException>(() => optimizer.step());
        Assert.Contains("the gradient of parameter 1 of group 0 is sparse", exception.Message, StringComparison.Ordinal);
        Assert.True(before.allclose(this.problem.Parameters[0], 0, 0));
        Assert.All(optimizer.States, state => Assert.Equal(0, state.Step));
    }

    [Theory]
    [InlineData(Backend.Auto, 3)]
    [InlineData(Backend.Auto, 5)]
    [InlineData(Backend.TorchSharp, 5)]
    [InlineData(Backend.TorchSharp, 1)]
    public void A_gradient_of_another_shape_leaves_all_parameters_as_they_were(Backend backend, int size)
    {
        using var optimizer = new AdamW(this.problem.Parameters) { Backend = backend };
        this.problem.SetGradients(0);
        optimizer.step();
        this.problem.SetGradients(1);
        this.problem.Parameters[1].grad = torch.ones(size);
        using var before = this.problem.Parameters[0].clone();
        var exception = Assert.Throws<InvalidOperationException>(() => optimizer.step());
        Assert.Contains($"AdamW: the gradient of parameter 1 of group 0 has shape [{size}], the parameter [4]; they must be the same.", exception.Message, StringComparison.Ordinal);
        Assert.True(before.allclose(this.problem.Parameters[0], 0, 0));
        Assert.All(optimizer.States, state => Assert.Equal(1, state.Step));
    }

    [Fact]
    public void A_transposed_gradient()
    {
        using var parameter = new Parameter(torch.ones(2, 3)) { grad = torch.ones(3, 2) };
        using var optimizer = new AdamW([parameter]);
        var exception = Assert.Throws<InvalidOperationException>(() => optimizer.step());
        Assert.Contains("has shape [3, 2], the parameter [2, 3]", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_that_changed_its_shape()
    {
        using var optimizer = new AdamW(this.problem.Parameters);
        this.problem.SetGradients(0);
        optimizer.step();
        var parameter = this.problem.Parameters[1];
        using (torch.no_grad())
            parameter.set_(torch.ones(6));
        parameter.grad = torch.ones(6);
        var exception = Assert.Throws<InvalidOperationException>(() => optimizer.step());
        Assert.Contains("parameter 1 of group 0 has shape [6] now, and its state is for 4 elements", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Backend.Auto)]
    [InlineData(Backend.TorchSharp)]
    public void State_that_somebody_disposed_of_is_not_written_to(Backend backend)
    {
        using var optimizer = new AdamW(this.problem.Parameters) { Backend = backend };
        this.problem.SetGradients(0);
        optimizer.step();
        optimizer.step();
        optimizer.States.First().Tensors.First().Value.Dispose();
        Assert.ThrowsAny<InvalidOperationException>(() => optimizer.step());
    }

    [Fact]
    public void A_complex_parameter()
    {
        using var complex = new Parameter(torch.ones(3, dtype: ScalarType.ComplexFloat32));
        Assert.Throws<ArgumentException>(() => new AdamW([complex]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1e-3)]
    [InlineData(double.PositiveInfinity)]
    public void A_learning_rate_that_is_none(double lr)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(this.problem.Parameters, lr: lr));
        Assert.Contains($"lr is {lr.ToString(System.Globalization.CultureInfo.InvariantCulture)}, which is not in [0, ∞)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_beta_out_of_range_in_the_constructor_and_in_a_group()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(this.problem.Parameters, beta2: 1.0));
        Assert.Contains("AdamW: beta2 is 1, which is not in [0, 1)", exception.Message, StringComparison.Ordinal);

        exception = Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(
            [new AdamW.ParamGroup(this.problem.Parameters, new AdamW.Options { beta1 = -0.1 })]));
        Assert.Contains("AdamW, parameter group 0: beta1 is -0.1, which is not in [0, 1)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interval_that_is_not_whole()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(
            () => Declared.Find("Shampoo").Create(this.problem.Parameters, new Dictionary<string, double> { ["update_every"] = 2.5 }));
        Assert.Contains("update_every is 2.5, which is not in {1, 2, ...}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_learning_rate_that_a_scheduler_drove_to_NaN()
    {
        using var optimizer = new Sgd(this.problem.Parameters);
        optimizer.ParamGroups.First().LearningRate = double.NaN;
        this.problem.SetGradients(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.step());
    }

    [Fact]
    public void An_unknown_optimizer_and_an_unknown_hyperparameter_name_the_nearest()
    {
        Assert.Contains("Did you mean 'AdamW'?", Assert.Throws<ArgumentException>(() => Declared.Find("AdmW")).Message, StringComparison.Ordinal);
        var exception = Assert.Throws<ArgumentException>(
            () => Declared.Find("AdamW").Create(this.problem.Parameters, new Dictionary<string, double> { ["weigth_decay"] = 1 }));
        Assert.Contains("Did you mean 'weight_decay'? Known: lr, beta1, beta2, eps, weight_decay.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_that_the_fused_path_cannot_take_when_it_must()
    {
        using var transposed = new Problem(ScalarType.Float32, 1, [3, 2]);
        transposed.Parameters[0] = new(transposed.Parameters[0].detach().t());
        using var optimizer = new Sgd(transposed.Parameters) { Backend = Backend.Fused };
        transposed.SetGradients(0);
        var exception = Assert.Throws<InvalidOperationException>(() => optimizer.step());
        Assert.Contains("parameter 0 of group 0 cannot take the fused path: it is not contiguous", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_was_converted_after_the_optimizer_was_made()
    {
        using var module = nn.Linear(3, 2);
        using var optimizer = new AdamW(module.parameters());
        module.to(ScalarType.Float64);
        var exception = Assert.Throws<InvalidOperationException>(() => optimizer.step());
        Assert.Contains("module.to(...) replaces a module's parameters", exception.Message, StringComparison.Ordinal);
    }
}
