namespace OptBias.Lab.Statistics;

/// <summary>The last few values that were computed of some key, so that what follows from the key alone is computed once. Safe among threads.</summary>
/// <param name="most">So many values are kept.</param>
internal sealed class RecentlyUsed<TKey, TValue>(int most)
    where TKey : notnull
{
    private readonly List<(TKey Key, Lazy<TValue> Value)> kept = [];

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="compute">Computes it where it is not kept. Of two threads that ask at the same time one computes, and the other waits.</param>
    public TValue Of(TKey key, Func<TKey, TValue> compute)
    {
        Lazy<TValue> value;
        lock (this.kept)
        {
            var place = this.kept.FindIndex(k => EqualityComparer<TKey>.Default.Equals(k.Key, key));
            value = place >= 0 ? this.kept[place].Value : new(() => compute(key));
            if (place >= 0)
                this.kept.RemoveAt(place);
            else if (this.kept.Count == most)
                this.kept.RemoveAt(0);
            this.kept.Add((key, value));
        }

        return value.Value;
    }
}
