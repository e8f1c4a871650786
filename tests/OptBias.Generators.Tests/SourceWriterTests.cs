using OptBias.Generators.Emission;

namespace OptBias.Generators.Tests;

/// <summary>How generated text is laid out.</summary>
public sealed class SourceWriterTests
{
    private readonly SourceWriter writer = new();

    [Fact]
    public void What_stands_in_braces_is_indented()
    {
        var name = "A";
        using (this.writer.Open($"class {name}"))
        using (this.writer.Open("static A()", "};"))
            this.writer.Line("B();");
        Assert.Equal("class A\n{\n    static A()\n    {\n        B();\n    };\n}\n", this.writer.ToString());
    }

    [Fact]
    public void Every_line_of_a_part_is_indented()
    {
        var lines = "\n1,\n2";
        using (this.writer.Indent())
            this.writer.Line($"x = {lines};");
        Assert.Equal("    x =\n    1,\n    2;\n", this.writer.ToString());
    }

    [Fact]
    public void No_line_ends_with_a_blank()
    {
        var nothing = "";
        using (this.writer.Indent())
        {
            this.writer.Line();
            this.writer.Line($"{nothing}");
            this.writer.Line($" {nothing} ");
            this.writer.Line($"a {nothing}");
        }

        Assert.Equal("\n\n\n    a\n", this.writer.ToString());
    }
}
