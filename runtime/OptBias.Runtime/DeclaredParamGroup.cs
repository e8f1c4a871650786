using TorchSharp.Modules;

namespace OptBias;

/// <summary>A group of parameters of a generated optimizer.</summary>
/// <typeparam name="TOptions">The optimizer's options.</typeparam>
public abstract class DeclaredParamGroup<TOptions> : ParamGroup<TOptions>, INamedParameters
    where TOptions : DeclaredOptions
{
    /// <summary>A group whose parameters are set afterwards, as TorchSharp's examples do: <c>new() { Parameters = ..., Options = ... }</c>.</summary>
    protected DeclaredParamGroup(TOptions options)
        : base(null, options)
    {
    }

    /// <summary>A group of parameters without names.</summary>
    protected DeclaredParamGroup(IEnumerable<Parameter> parameters, TOptions options)
        : base(parameters?.ToList() ?? throw new ArgumentNullException(nameof(parameters)), options)
    {
    }

    /// <summary>A group of parameters with names.</summary>
    protected DeclaredParamGroup(IEnumerable<(string name, Parameter parameter)> named_parameters, TOptions options)
        : base(null, options)
    {
        ArgumentNullException.ThrowIfNull(named_parameters);
        var list = named_parameters.ToList();
        this.Parameters = list.ConvertAll(p => p.parameter);
        this.Names = list.ConvertAll(p => p.name);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Names { get; }
}

/// <summary>A group that can say what its parameters are called.</summary>
public interface INamedParameters
{
    /// <summary>A name for each parameter; null if there are none.</summary>
    IReadOnlyList<string>? Names { get; }
}
