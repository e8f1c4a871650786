using OptBias.LinearAlgebra;

namespace OptBias.Runtime.Tests.LinearAlgebra;

/// <summary>Messages about a parameter name it once.</summary>
public sealed class ParameterNameTests
{
    [Theory]
    [InlineData("weight", "Parameter 'weight', block [0:1]: no root")]
    [InlineData("parameter 'a.weight'", "Parameter 'a.weight', block [0:1]: no root")]
    [InlineData("parameter 3 of group 0", "Parameter 3 of group 0, block [0:1]: no root")]
    public void A_parameter_is_named_as_its_optimizer_names_it(string parameter, string message)
    {
        var exception = new PreconditionerException(parameter, "[0:1]", "no root");
        Assert.Equal(message, exception.Message);
        Assert.Equal(parameter, exception.Parameter);
    }
}
