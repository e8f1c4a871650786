using System.Text;
using OptBias.Lab.Reports.Figures;
using OptBias.Lab.Reports.Figures.Painters;
using OptBias.Lab.Reports.Figures.Scenes;

namespace OptBias.Lab.Reports;

/// <summary>The figures of a page as files.</summary>
internal static class FigureFiles
{
    /// <summary>Writes <c>figures/ID.svg</c> and <c>figures/ID.png</c> for each, with its title and its note, since a file travels alone.</summary>
    public static void Write(IReadOnlyList<Figure> figures, IReadOnlyDictionary<string, SeriesStyle> styles, string directory)
    {
        var folder = Path.Combine(directory, "figures");
        Directory.CreateDirectory(folder);
        foreach (var figure in figures)
        {
            var scene = SceneLayout.Alone(figure, styles);
            Replace(Path.Combine(folder, figure.Id + ".svg"), Encoding.UTF8.GetBytes(SvgPainter.Paint(scene)));
            Replace(Path.Combine(folder, figure.Id + ".png"), PngPainter.Paint(scene));
        }
    }

    /// <summary>Replaces a file in one step: a full disk or a kill leaves the old one.</summary>
    public static void Replace(string path, byte[] content)
    {
        var partial = path + ".partial";
        try
        {
            File.WriteAllBytes(partial, content);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            if (File.Exists(partial))
                File.Delete(partial);
            throw;
        }
    }
}
