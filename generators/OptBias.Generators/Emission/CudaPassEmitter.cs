using OptBias.Generators.Programs;

namespace OptBias.Generators.Emission;

/// <summary>Writes the kernel of one pass. A block takes chunk after chunk of the launch's table; a chunk lies in one tensor.</summary>
internal sealed class CudaPassEmitter
{
    private readonly SourceWriter writer;
    private readonly PassEmitter pass;
    private readonly PassBody body;
    private readonly string kernel;
    private readonly CudaNames names = new();
    private readonly CudaPrinter printer;

    public CudaPassEmitter(SourceWriter writer, PassEmitter pass, string kernel)
    {
        this.writer = writer;
        this.pass = pass;
        this.body = pass.Body;
        this.kernel = kernel;
        this.printer = new CudaPrinter { NameOf = e => this.body.NameOf(e) is { } name ? this.names.Of(name) : null };
    }

    public void Emit()
    {
        this.writer.Line($"// {this.pass.Summary()}");
        using (this.writer.Open($"extern \"C\" __global__ void __launch_bounds__(Threads) {this.kernel}(const Table table)"))
        {
            using (this.writer.Open("for (long long c = blockIdx.x; c < table.count; c += gridDim.x)"))
            {
                this.writer.Line("const Chunk chunk = table.chunks[c];");
                this.writer.Line($"const long long* row = table.rows + (chunk.row * {Text.Integer(this.RowLength)}LL);");
                foreach (var tensor in this.body.Tensors)
                    this.writer.Line($"{StoredType(tensor)}* __restrict__ {this.Pointer(tensor)} = tensor<{StoredType(tensor)}>(row, {Text.Integer(tensor.Index)});");
                if (this.HasLastDimensions)
                    this.EmitLayout("layout", this.body.Tensors.Count + 1, "the last two dimensions");
                if (this.HasWholeMatrix)
                    this.EmitLayout("whole", this.body.Tensors.Count + (this.HasLastDimensions ? 3 : 1), "the matrix [first dimension, all others]");
                this.EmitUniforms();
                for (var k = 0; k < this.body.Pass.Sums.Count; k++)
                    this.writer.Line($"Real {this.Sum(k)} = 0;");
                this.writer.Line();
                using (this.writer.Open($"for_elements(chunk, is_aligned({string.Join(", ", this.body.Tensors.Where(t => t.Slot.Extent == this.body.Pass.Extent).Select(this.Pointer))}), [&](auto width, long long i)", "});"))
                    this.EmitElements();
                for (var k = 0; k < this.body.Pass.Sums.Count; k++)
                    this.writer.Line($"block_sum({this.Sum(k)}, table.sums + (c * {Text.Integer(this.body.Pass.Sums.Count)}) + {Text.Integer(k)});");
            }
        }
    }

    /// <summary>What is the same for all elements: literals, and the numbers that the host computed.</summary>
    private void EmitUniforms()
    {
        foreach (var (value, name, _) in this.body.Constants)
            this.writer.Line($"const Real {this.names.Of(name)} = {this.printer.Define(value)};");
        if (this.body.Scalars.Count > 0)
            this.writer.Line($"const double* s = table.scalars + (row[0] * {Text.Integer(this.body.Scalars.Count)});");
        for (var k = 0; k < this.body.Scalars.Count; k++)
        {
            var (value, name, comment) = this.body.Scalars[k];
            if (value.IsCondition())
                this.writer.Line($"const bool {this.names.Of(name)} = s[{Text.Integer(k)}] > 0.0;{PassEmitter.TrailingComment(comment)}");
            else
                this.writer.Line($"const Real {this.names.Of(name)} = Real(s[{Text.Integer(k)}]);{PassEmitter.TrailingComment(comment)}");
        }
    }

    private void EmitElements()
    {
        foreach (var tensor in this.body.Tensors)
        {
            if (tensor.IsRead)
                this.writer.Line($"{(tensor.IsWritten ? "auto" : "const auto")} {this.Values(tensor)} = {this.Load(tensor)};");
            else
                this.writer.Line($"Pack<Real, decltype(width)::count> {this.Values(tensor)};");
        }

        this.writer.Line("#pragma unroll");
        using (this.writer.Open("for (int k = 0; k < decltype(width)::count; k++)"))
        {
            foreach (var tensor in this.body.Reads)
                this.writer.Line($"const Real {this.names.Of(tensor.Value!)} = {this.Values(tensor)}[k];");
            foreach (var (value, name, comment) in this.body.Statements)
            {
                this.writer.Line();
                if (comment is not null)
                    this.writer.Line($"// {comment}");
                this.writer.Line($"const {(value.IsCondition() ? "bool" : "Real")} {this.names.Of(name)} = {this.printer.Define(value)};");
            }

            this.writer.Line();
            for (var k = 0; k < this.body.Pass.Sums.Count; k++)
                this.writer.Line($"{this.Sum(k)} += {this.printer.Print(this.body.Pass.Sums[k].Term).Text};");
            foreach (var (target, value) in this.body.Stores)
                this.writer.Line($"{this.Values(target)}[k] = {this.printer.Print(value).Text};");
        }

        if (this.body.Stores.Count > 0)
            this.writer.Line();
        foreach (var (target, _) in this.body.Stores)
            this.writer.Line($"store(width, {this.Pointer(target)}, i, {this.Values(target)});");
    }

    /// <summary>The number of the scalars, the addresses, and where a tensor does not reach over all elements, two dimensions.</summary>
    private int RowLength => 1 + this.body.Tensors.Count + (this.HasLastDimensions ? 2 : 0) + (this.HasWholeMatrix ? 2 : 0);

    /// <summary>Tensors of which each holds a number for several elements of the pass.</summary>
    private IEnumerable<TensorExtent> Shared => this.body.Tensors.Select(t => t.Slot.Extent).Where(extent => extent != this.body.Pass.Extent);

    private bool HasLastDimensions => this.Shared.Any(extent => !extent.IsOfWholeMatrix());

    private bool HasWholeMatrix => this.Shared.Any(extent => extent.IsOfWholeMatrix());

    private void EmitLayout(string name, int place, string of) =>
        this.writer.Line($"const Layout {name} = {{ row[{Text.Integer(place)}], row[{Text.Integer(place + 1)}] }}; // rows and columns of {of}");

    private string Load(PassTensor tensor) => tensor.Slot.Extent switch
    {
        _ when tensor.Slot.Extent == this.body.Pass.Extent => $"load(width, {this.Pointer(tensor)}, i)",
        TensorExtent.MatrixRow => $"load_rows(width, {this.Pointer(tensor)}, i, whole)",
        TensorExtent.MatrixColumn => $"load_columns(width, {this.Pointer(tensor)}, i, whole)",
        TensorExtent.Row => $"load_rows(width, {this.Pointer(tensor)}, i, layout)",
        TensorExtent.Column => $"load_columns(width, {this.Pointer(tensor)}, i, layout)",
        _ => $"load(width, {this.Pointer(tensor)}, i)",
    };

    private string Pointer(PassTensor tensor) => this.names.Of(tensor.Pointer);

    /// <summary>The values of a tensor that a thread holds at once.</summary>
    private string Values(PassTensor tensor) => this.names.Of(tensor.Slot.Symbol.Identifier + " values");

    private string Sum(int k) => this.names.Of("sum" + Text.Integer(k));

    /// <summary>The type in which a tensor is kept; one that the pass only reads is const.</summary>
    private static string StoredType(PassTensor tensor)
    {
        var type = tensor.Slot.Role switch
        {
            TensorRole.Parameter => "Parameter",
            TensorRole.Gradient => "Gradient",
            TensorRole.State when tensor.Slot.Extent == TensorExtent.Element => "State",
            _ => "Real",
        };
        return tensor.IsWritten ? type : "const " + type;
    }
}
