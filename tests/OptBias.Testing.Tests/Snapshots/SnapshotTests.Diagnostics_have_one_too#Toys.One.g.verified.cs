//HintName: Toys.One.g.cs
partial class One
{
    public int Answer => 42;
}
