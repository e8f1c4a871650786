namespace OptBias.Lab.Reports.Figures.Scenes;

/// <summary>The room that a figure has: a desk's screen, or a telephone's, on which a scaled picture could not be read.</summary>
/// <param name="Width">Width in units, which are pixels at full size.</param>
/// <param name="Height">Usual height.</param>
/// <param name="Left">Room for the vertical axis.</param>
internal sealed record SceneSize(double Width, double Height, double Left)
{
    /// <summary>For screens from about 700 pixels, and for files.</summary>
    public static SceneSize Wide { get; } = new(760, 430, 78);

    /// <summary>For narrower ones.</summary>
    public static SceneSize Narrow { get; } = new(350, 330, 62);

    /// <summary>Whether names stand in a key, since there is no room for them beside what they name.</summary>
    public bool HasKey => this.Width < Wide.Width;
}
