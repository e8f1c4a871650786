namespace OptBias.Lab.Data;

/// <summary>A part of the data.</summary>
public enum DataPart
{
    /// <summary>What networks are trained on.</summary>
    Training,

    /// <summary>What tuning measures; never trained on.</summary>
    Validation,

    /// <summary>What results measure; never trained on.</summary>
    Test,
}
