using System.Security.Cryptography;
using System.Text;
using OptBias.Lab.Data;
using OptBias.Lab.Storage;
using OptBias.Lab.Training;

namespace OptBias.Lab.Studies;

/// <summary>What a trial is for.</summary>
public static class Phase
{
    /// <summary>Choosing hyperparameters, on validation images and with seeds of its own.</summary>
    public const string Tuning = "tuning";

    /// <summary>Measuring, on test images.</summary>
    public const string Result = "result";

    /// <summary>Measuring networks before their first step.</summary>
    public const string Untrained = "untrained";

    /// <summary>Comparing networks that other trials trained.</summary>
    public const string Comparison = "comparison";
}

/// <summary>
/// One unit of work of a study: what it computes follows from <see cref="Settings"/>, the data and the program alone,
/// so that it can be stored under its key and never be done twice.
/// </summary>
public abstract record Trial
{
    /// <summary>One of <see cref="Studies.Phase"/>.</summary>
    public required string Phase { get; init; }

    /// <summary>Name of the method; for a comparison both names, joined by " | ".</summary>
    public required string Method { get; init; }

    /// <summary>Seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Everything else that defines it, in a fixed order: "lr" to "0.001".</summary>
    public abstract IEnumerable<KeyValuePair<string, string>> Settings();

    /// <summary>Does the work.</summary>
    /// <param name="context">What every trial of the study shares.</param>
    /// <param name="cancellation">Stops it; nothing is stored then.</param>
    public abstract TrialOutcome Execute(TrialContext context, CancellationToken cancellation);

    /// <summary>What tells this trial from all others, and names its file: <c>result-AdamW-seed3-0f3a...</c>.</summary>
    public string Key
    {
        get
        {
            var text = new StringBuilder().Append(this.Phase).Append('\n').Append(this.Method).Append('\n').Append(this.Seed);
            foreach (var (name, value) in this.Settings())
                text.Append('\n').Append(name).Append('=').Append(value);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
            var method = string.Concat(this.Method.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
            return $"{this.Phase}-{method}-seed{this.Seed}-{hash}";
        }
    }
}

/// <summary>What every trial of a study shares.</summary>
/// <param name="Data">The images or the text.</param>
/// <param name="Optimizers">Where optimizers come from.</param>
/// <param name="Store">Where finished trials lie; comparisons read the networks of others from it.</param>
/// <param name="Progress">Told how far a trial is and its accuracy at that point; called from the trial's own thread.</param>
public sealed record TrialContext(IStudyData Data, IOptimizerSource Optimizers, RunStore Store, Action<Trial, string, double>? Progress = null)
{
    /// <summary>The images.</summary>
    /// <exception cref="InvalidOperationException">The study has other data.</exception>
    public ImageData Images => this.Data as ImageData ?? throw new InvalidOperationException("This trial is of images, and the study has other data.");

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">The study has other data.</exception>
    public TextData Text => this.Data as TextData ?? throw new InvalidOperationException("This trial is of text, and the study has other data.");
}

/// <summary>What came out of a trial.</summary>
public sealed record TrialOutcome
{
    /// <summary>When and how it diverged, or null.</summary>
    public string? Diverged { get; init; }

    /// <summary>Numbers by name; NaN where one could not be measured.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Curves and matrices.</summary>
    public IReadOnlyList<Curve> Curves { get; init; } = [];

    /// <summary>Tensors to keep beside the record, such as trained weights, or null.</summary>
    public IReadOnlyList<SafeTensor>? Artifact { get; init; }
}
