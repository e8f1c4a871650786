namespace OptBias.Lab.Data;

/// <summary>Labels as files have them, made into classes that are counted from 0.</summary>
internal static class ClassLabels
{
    /// <summary>The most classes that there are: a label is a byte.</summary>
    public const int MostClasses = 256;

    /// <summary>Counts classes from 0 where the labels of both parts begin at 1, as those of EMNIST's letters do.</summary>
    /// <param name="train">Training labels, changed in place.</param>
    /// <param name="test">Test labels, changed in place.</param>
    public static void FromZero(byte[] train, byte[] test)
    {
        if (train.Contains((byte)0) || test.Contains((byte)0))
            return;
        foreach (var labels in (byte[][])[train, test])
        {
            for (var i = 0; i < labels.Length; i++)
                labels[i]--;
        }
    }

    /// <summary>The number of classes; each must occur often enough in both parts.</summary>
    /// <param name="train">Training labels, counted from 0.</param>
    /// <param name="test">Test labels, counted from 0.</param>
    /// <param name="trainPath">What to name where training labels are wrong.</param>
    /// <param name="testPath">What to name where test labels are wrong.</param>
    /// <exception cref="DataException">There are fewer than two classes, or too few examples of one.</exception>
    public static int Count(byte[] train, byte[] test, string trainPath, string testPath)
    {
        var classes = 1 + Math.Max(train.DefaultIfEmpty().Max(), test.DefaultIfEmpty().Max());
        if (classes < 2)
            throw new DataException(trainPath, $"has one class; a network tells apart 2 to {MostClasses}.");
        Require(train, classes, ImageData.FewestOfAClass, trainPath, "so that tuning has its own examples");
        Require(test, classes, 1, testPath, "so that each class is measured");
        return classes;
    }

    private static void Require(byte[] labels, int classes, int fewest, string path, string why)
    {
        var found = new int[classes];
        foreach (var label in labels)
            found[label]++;
        if (Array.IndexOf(found, 0) is >= 0 and var missing)
            throw new DataException(path, $"has no example of the class {missing}; classes are 0 to {classes - 1} here, and each of them must occur.");
        if (Array.FindIndex(found, count => count < fewest) is >= 0 and var few)
            throw new DataException(path, $"has {found[few]} of the class {few}; of each class at least {fewest} are needed, {why}.");
    }
}
