using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OptBias.Kernels;

/// <summary>The fingerprint of a composite: which parameters follow which programs, and what their hyperparameters are called.</summary>
internal static class RouteFingerprint
{
    private const string Version = "optbias-routes 1";

    public static string Of(IReadOnlyList<PlanRoute> routes, IReadOnlyList<Hyperparameter> hyperparameters)
    {
        var lines = new StringBuilder(Version);
        foreach (var (route, i) in routes.Select((route, i) => (route, i)))
        {
            var end = i + 1 < routes.Count ? routes[i + 1].FirstHyperparameter : hyperparameters.Count;
            var names = hyperparameters.Take(end).Skip(route.FirstHyperparameter).Select(h => h.Name).Order(StringComparer.Ordinal);
            lines.Append(CultureInfo.InvariantCulture, $"\n{route.When}{(route.Names is null ? "" : $" [{string.Join(',', route.Names.All)}]")} {route.Plan.Fingerprint} {string.Join(' ', names)}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())))[..32];
    }
}
