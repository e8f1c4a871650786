namespace OptBias.Testing.Tests;

internal static class TrajectoryFiles
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "trajectories", $"{name}.safetensors");
}
