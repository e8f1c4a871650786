namespace OptBias.Lab.Tests.Studies;

/// <summary>A declaration, and what an edit may make of it. Equations and hyperparameters are the same in all.</summary>
[Optimizer]
[Kronecker(0.99)]
[Elementwise(nameof(Shrunk))]
public sealed partial class Declared
{
    private static float Shrunk(float update) => update * 0.5f;
}

/// <summary>Another root.</summary>
[Optimizer]
[Kronecker(0.99, Root = RootMethod.CoupledNewton)]
[Elementwise(nameof(Shrunk))]
public sealed partial class DeclaredRoot
{
    private static float Shrunk(float update) => update * 0.5f;
}

/// <summary>Blocks of another size.</summary>
[Optimizer]
[Kronecker(0.99, MaxDimension = 64)]
[Elementwise(nameof(Shrunk))]
public sealed partial class DeclaredBlocks
{
    private static float Shrunk(float update) => update * 0.5f;
}

/// <summary>Another body.</summary>
[Optimizer]
[Kronecker(0.99)]
[Elementwise(nameof(Shrunk))]
public sealed partial class DeclaredBody
{
    private static float Shrunk(float update) => update * 0.25f;
}

/// <summary>Another precision of the state.</summary>
[Optimizer]
[State(Precision = StatePrecision.BFloat16)]
[Momentum(0.9)]
public sealed partial class DeclaredHalf;

/// <summary>The same with the state as it is.</summary>
[Optimizer]
[Momentum(0.9)]
public sealed partial class DeclaredWhole;
