using System.Reflection;
using OptBias.Lab.Training;

namespace OptBias.Lab.Commands;

/// <summary>An assembly with declarations of a user's own, <c>--assembly PATH</c>.</summary>
internal static class OwnAssembly
{
    /// <summary>The option's name.</summary>
    public const string Option = "--assembly";

    /// <summary>The path in a command line; null if there is none.</summary>
    public static string? In(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == Option && i + 1 < arguments.Count)
                return arguments[i + 1];
            if (arguments[i].StartsWith(Option + "=", StringComparison.Ordinal))
                return arguments[i][(Option.Length + 1)..];
        }

        return null;
    }

    /// <summary>The optimizers of an assembly.</summary>
    /// <exception cref="ArgumentException">There is no such file, it is no assembly, or it declares no optimizer.</exception>
    public static DeclaredOptimizers Load(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new ArgumentException($"{path}: there is no such file.");
        DeclaredOptimizers own;
        try
        {
            own = new(Assembly.LoadFrom(full));
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            throw new ArgumentException($"{path} is no .NET assembly.");
        }

        return own.All.Count > 0 ? own : throw new ArgumentException($"{path} declares no optimizer.");
    }
}

/// <summary>A user's optimizers before others: a name that both have is the user's.</summary>
/// <param name="own">The user's.</param>
/// <param name="others">The others.</param>
internal sealed class OwnFirst(IOptimizerSource own, IOptimizerSource others) : IOptimizerSource
{
    /// <inheritdoc />
    public IReadOnlyCollection<OptimizerDescriptor> All { get; } =
        [.. own.All.Concat(others.All.Where(o => own.All.All(mine => !mine.Name.Equals(o.Name, StringComparison.OrdinalIgnoreCase)))).OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase)];

    /// <inheritdoc />
    public OptimizerDescriptor Find(string name) => own.All.FirstOrDefault(o => o.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? this.Other(name);

    private OptimizerDescriptor Other(string name) => others.All.Any(o => o.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ? others.Find(name)
        : throw new ArgumentException($"Unknown optimizer '{name}'. {NearestName.Suggest(name, this.All.Select(o => o.Name))}Known: {string.Join(", ", this.All.Select(o => o.Name))}.");
}
