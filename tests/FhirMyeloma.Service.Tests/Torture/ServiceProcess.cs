using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.Torture;

/// <summary>The service as a process of its own, over a store that outlives it. <c>SERVICE</c> names its dll where another build than that of the tests is meant, as what <c>./publish.sh</c> makes.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private static readonly string? _named = Environment.GetEnvironmentVariable("SERVICE") is { Length: > 0 } named ? Path.GetFullPath(named, Repo.Root) : null;
    private readonly Process _process;

    private ServiceProcess(string[] arguments, int port)
    {
        Base = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[_named ?? Path.Combine(AppContext.BaseDirectory, "FhirMyeloma.Service.dll"), "--urls", Base.ToString(), "--Logging:LogLevel:Default=Warning", "--FhirMyeloma:RequestsPerMinute=100000000", .. arguments])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        // Nobody reads it, and a full pipe would stop the process.
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Base { get; }

    /// <summary>How long it took to be ready.</summary>
    public TimeSpan Ready { get; private set; }

    public static async Task<ServiceProcess> StartAsync(string[] arguments, int port)
    {
        var clock = Stopwatch.StartNew();
        var service = new ServiceProcess(arguments, port);
        await service.WaitAsync();
        service.Ready = clock.Elapsed;
        return service;
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task WaitAsync()
    {
        using var client = new HttpClient { BaseAddress = Base };
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The service ended with code {_process.ExitCode}.");
            try
            {
                if ((await client.GetAsync(new Uri("health/ready", UriKind.Relative))).IsSuccessStatusCode)
                    break;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(20);
        }
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>As by <c>kill -9</c>: no handler of the process runs.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end, as <c>kill</c> does without more.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended; gives its exit code.</summary>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        using var over = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(over.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
