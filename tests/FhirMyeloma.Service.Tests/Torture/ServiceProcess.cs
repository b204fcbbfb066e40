using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FhirMyeloma.Service.Tests.Torture;

/// <summary>The service as a process of its own, over a data folder that outlives it.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly string _data;
    private readonly Process _process;

    private ServiceProcess(string data, int port)
    {
        _data = data;
        Base = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = data, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "FhirMyeloma.Service.dll"), "--urls", Base.ToString(), $"--FhirMyeloma:DataFolder={data}", "--Logging:LogLevel:Default=Warning" })
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

    public static async Task<ServiceProcess> StartAsync(string data, int port)
    {
        var clock = Stopwatch.StartNew();
        var service = new ServiceProcess(data, port);
        using var client = new HttpClient { BaseAddress = service.Base };
        while (true)
        {
            if (service._process.HasExited)
                throw new InvalidOperationException($"The service ended with code {service._process.ExitCode} over {service._data}.");
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

        service.Ready = clock.Elapsed;
        return service;
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

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
