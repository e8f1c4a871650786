using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;

namespace OptBias.Testing;

public sealed partial class GeneratedCode
{
    /// <summary>Portable PDB's kind of custom debug information for the text of a document (Portable PDB format, "Embedded Source").</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    /// <summary>
    /// The generated files of a compiled class, and the CUDA C that it holds as a constant. The compiler embeds generated text in the assembly's symbols, because no
    /// file holds it; so this is the very text that was compiled, and no project needs a setting for it.
    /// </summary>
    /// <param name="type">A class with a generated part.</param>
    /// <exception cref="InvalidOperationException">The assembly has no symbols, or no generated file belongs to the class; the message says which.</exception>
    public static GeneratedCode Of(Type type)
    {
        using var symbols = OpenSymbols(type.Assembly);
        var reader = symbols.GetMetadataReader();
        List<GeneratedFile> files =
        [
            .. Methods(type)
                .SelectMany(method => Documents(reader, method))
                .Distinct()
                .Select(document => (Path: reader.GetString(reader.GetDocument(document).Name), Text: EmbeddedText(reader, document)))
                .Where(file => file.Text is not null)
                .Select(file => new GeneratedFile(file.Path[(file.Path.LastIndexOfAny(['/', '\\']) + 1)..], file.Text!)),
        ];
        return files.Count > 0
            ? new GeneratedCode(files.SelectMany(WithKernels))
            : throw new InvalidOperationException(
                $"The symbols of {type.Assembly.GetName().Name} hold no generated text for {type.FullName}. Is the class declared with [Optimizer], and does its project reference the generator?");
    }

    private static MetadataReaderProvider OpenSymbols(Assembly assembly)
    {
        if (assembly.Location.Length == 0)
            throw new InvalidOperationException($"{assembly.GetName().Name} was not loaded from a file, so it has no symbols to read generated text from.");
        using var file = new PEReader(File.OpenRead(assembly.Location));
        return file.TryOpenAssociatedPortablePdb(assembly.Location, path => File.Exists(path) ? File.OpenRead(path) : null, out var symbols, out _)
            ? symbols!
            : throw new InvalidOperationException(
                $"There are no portable symbols for {assembly.Location}, and generated text is read from them. Its project must not set DebugType to none.");
    }

    private static IEnumerable<MethodBase> Methods(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return type.GetMethods(all).Concat<MethodBase>(type.GetConstructors(all)).Concat(type.GetNestedTypes(all).SelectMany(Methods));
    }

    private static IEnumerable<DocumentHandle> Documents(MetadataReader reader, MethodBase method)
    {
        var information = reader.GetMethodDebugInformation(((MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken)).ToDebugInformationHandle());
        return information.Document.IsNil
            ? information.GetSequencePoints().Select(point => point.Document).Where(document => !document.IsNil)
            : [information.Document];
    }

    private static string? EmbeddedText(MetadataReader reader, DocumentHandle document)
    {
        foreach (var information in reader.GetCustomDebugInformation(document).Select(reader.GetCustomDebugInformation))
        {
            if (reader.GetGuid(information.Kind) == EmbeddedSource)
                return Decode(reader.GetBlobBytes(information.Value));
        }

        return null;
    }

    /// <summary>A little-endian length, 0 for text as it is, and the text, deflated to nothing less than that length.</summary>
    private static string Decode(byte[] blob)
    {
        var length = BitConverter.ToInt32(blob);
        Stream content = new MemoryStream(blob, 4, blob.Length - 4);
        if (length != 0)
            content = new DeflateStream(content, CompressionMode.Decompress);
        using var text = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return text.ReadToEnd();
    }
}
