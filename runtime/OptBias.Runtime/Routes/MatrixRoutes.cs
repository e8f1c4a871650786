using OptBias.LinearAlgebra;
using TorchSharp;

namespace OptBias.Routes;

/// <summary>
/// Carries out operations on the matrices of many parameters. Each verb takes an item and collects it or does it; a false says that
/// the route cannot, and TorchSharp's operations do it.
/// </summary>
internal interface IMatrixRoute : IDisposable
{
    /// <summary>Adds the Gram matrices of a gradient to the factors of its blocks.</summary>
    bool Accumulate(in FactorUpdate item);

    /// <summary>Computes the inverse roots of a block's factors; how that ended is in <see cref="KroneckerBlock.Refresh"/>.</summary>
    bool Decompose(KroneckerBlock block, in RootRequest request);

    /// <summary>Multiplies by the roots of blocks.</summary>
    bool Multiply(in Multiplication item);

    /// <summary>Brings a tensor into a basis, or back.</summary>
    bool Rotate(in Rotation item);

    /// <summary>Adds a gradient to the factors of a basis, and refreshes the basis if it is time.</summary>
    bool Follow(in BasisUpdate item);

    /// <summary>Orthogonalises a matrix.</summary>
    bool Orthogonalize(in Orthogonalization item);

    /// <summary>Carries out what has been collected.</summary>
    void Run(MatrixRoutes routes);

    /// <summary>Forgets it.</summary>
    void Clear();
}

/// <summary>The verbs with which matrix stages work: each item goes to the route of its tensors. <see cref="Run"/> ends a group of items that do not depend on each other.</summary>
internal sealed class MatrixRoutes : IDisposable
{
    private readonly SimdMatrices simd = new();
    private readonly DeviceMatrices device = new();
    private readonly TorchMatrices torch;

    public MatrixRoutes() => this.torch = new TorchMatrices(this);

    /// <summary>Numbers that a problem wants to know before it goes on.</summary>
    public Checks Checks { get; } = new();

    /// <inheritdoc cref="IMatrixRoute.Accumulate"/>
    public void Accumulate(in FactorUpdate item) => _ = this[RouteOf.Of(item.Gradient)].Accumulate(item) || this.torch.Accumulate(item);

    /// <inheritdoc cref="IMatrixRoute.Decompose"/>
    public void Decompose(KroneckerBlock block, in RootRequest request) => _ = this[RouteOf.Of(block.Factors[0])].Decompose(block, request) || this.torch.Decompose(block, request);

    /// <summary>Computes the roots of a block that another route could not, by itself.</summary>
    public void DecomposeAlone(KroneckerBlock block, in RootRequest request) => this.torch.Decompose(block, request);

    /// <inheritdoc cref="IMatrixRoute.Multiply"/>
    public void Multiply(in Multiplication item) => _ = this[RouteOf.Of(item.Input, item.Output, item.DType)].Multiply(item) || this.torch.Multiply(item);

    /// <inheritdoc cref="IMatrixRoute.Rotate"/>
    public void Rotate(in Rotation item) => _ = this[RouteOf.Of(item.Input)].Rotate(item) || this.torch.Rotate(item);

    /// <inheritdoc cref="IMatrixRoute.Follow"/>
    public void Follow(in BasisUpdate item) => _ = this[RouteOf.Of(item.Gradient)].Follow(item) || this.torch.Follow(item);

    /// <summary>Orthogonalises a matrix. Stacks are TorchSharp operations: they take what the queues cannot.</summary>
    public void Orthogonalize(in Orthogonalization item) => _ = this[RouteOf.Of(item.Input, item.Output, item.DType)].Orthogonalize(item) || this.device.Orthogonalize(item);

    /// <summary>Carries out what has been collected, and has the numbers judged that came of it.</summary>
    public void Run()
    {
        this.simd.Run(this);
        this.device.Run(this);
        this.Checks.Complete();
    }

    /// <summary>Forgets what has been collected.</summary>
    public void Clear()
    {
        this.Checks.Clear();
        this.simd.Clear();
        this.device.Clear();
    }

    public void Dispose()
    {
        this.simd.Dispose();
        this.device.Dispose();
    }

    private IMatrixRoute this[Route route] => route switch
    {
        Route.Simd => this.simd,
        Route.Device => this.device,
        _ => this.torch,
    };
}
