using System.Diagnostics;

namespace OptBias.Lab.Tests.Reports;

/// <summary>Headless Chromium, where it is installed.</summary>
internal static class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    /// <summary>The path of the browser, or null.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Opens a page with a script appended to it, and returns what the script made of the document, and what the console said.</summary>
    /// <param name="browser">Path of the browser.</param>
    /// <param name="page">The page.</param>
    /// <param name="script">The script.</param>
    /// <param name="width">Width of the window in pixels.</param>
    /// <param name="dark">Whether the system asks for dark pages.</param>
    /// <remarks>The script runs after the page's own; whatever it leaves in the document is in the result.</remarks>
    public static (string Document, string[] Console) Open(string browser, string page, string script, int width = 1100, bool dark = false)
    {
        var probe = Path.Combine(Path.GetDirectoryName(page)!, "probe.html");
        File.WriteAllText(probe, File.ReadAllText(page).Replace("</body>", $"<script>{script}</script></body>", StringComparison.Ordinal));
        var profile = Directory.CreateTempSubdirectory("optbias-browser");
        try
        {
            var start = new ProcessStartInfo(browser)
            {
                ArgumentList =
                {
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--disable-dev-shm-usage", $"--window-size={width},900", $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}", $"--user-data-dir={profile.FullName}", "--enable-logging=stderr", "--dump-dom", new Uri(probe).AbsoluteUri,
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var document = process.StandardOutput.ReadToEndAsync();
            var log = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromSeconds(90)))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException("The browser did not finish in 90 seconds.");
            }

            return (document.Result, [.. log.Result.Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal))]);
        }
        finally
        {
            try
            {
                profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                // A helper process of the browser may still hold a file; the system's temporary folder is swept anyway.
            }
        }
    }
}
