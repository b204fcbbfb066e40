using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>Beyond this machine only with identity, or said aloud: the service as a process of its own.</summary>
public sealed class ListeningTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("fhirmyeloma-listening-");

    public void Dispose() => _data.Delete(recursive: true);

    /// <summary>Starts the service on every interface; gives its code and what it complained about, or null when it serves.</summary>
    private async Task<(int Code, string Errors)?> StartAsync(params string[] arguments)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "FhirMyeloma.Service.dll"), "--urls", $"http://0.0.0.0:{port}", $"--FhirMyeloma:DataFolder={_data.FullName}", .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            using var client = new HttpClient();
            for (var tries = 0; tries < 600 && !process.HasExited; tries++)
            {
                try
                {
                    if ((await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/live"))).IsSuccessStatusCode)
                        return null;
                }
                catch (HttpRequestException)
                {
                    // It does not listen yet.
                }

                await Task.Delay(50);
            }

            await process.WaitForExitAsync();
            return (process.ExitCode, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Without_identity_it_does_not_start_beyond_this_machine()
    {
        var (code, errors) = Assert.NotNull(await StartAsync());
        Assert.Equal(1, code);
        Assert.Contains("key create", errors, StringComparison.Ordinal);
        Assert.Contains("--open", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Said_aloud_it_does() => Assert.Null(await StartAsync("--open"));

    [Fact]
    public async Task With_a_key_it_does()
    {
        Assert.Equal(0, CommandLine.Run(["key", "create", "--center", "alcala", "--data", _data.FullName]));
        Assert.Null(await StartAsync());
    }
}
