namespace OptBias.Testing.Tests;

/// <summary>The engine on files that lie in this folder: they pass under either engine.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public Task Every_generated_file_has_its_snapshot() => Snapshot.Verify(ToyGenerator.Run("class One; class Two;"));

    [Fact]
    public Task Diagnostics_have_one_too() => Snapshot.Verify(ToyGenerator.Run("class One;\nclass Bad;\n"));

    [Theory]
    [InlineData("One")]
    [InlineData("Two")]
    public Task Cases_of_a_method_are_told_apart(string name) => Snapshot.Verify(ToyGenerator.Run($"class {name};"), name);

    [Fact]
    public Task Files_of_another_language_keep_their_extension() =>
        Snapshot.Verify(new GeneratedCode([new GeneratedFile("Toys.One.cu", "__global__ void one() { }\n")]));

    [Fact]
    public async Task A_crash_of_the_generator_is_thrown() => Assert.Equal(
        "The generator has crashed.",
        (await Assert.ThrowsAsync<InvalidOperationException>(() => Snapshot.Verify(ToyGenerator.Run("class Crash;")))).Message);
}
