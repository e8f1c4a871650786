using TorchSharp.Modules;

namespace OptBias;

/// <summary>Base of all generated optimizers.</summary>
public abstract class DeclaredOptimizer : OptimizerHelper
{
    /// <summary>Which code carries out the update. <see cref="Backend.Auto"/> unless set.</summary>
    public Backend Backend { get; set; }
}
