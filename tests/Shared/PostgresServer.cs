using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FhirMyeloma.Testing;

/// <summary>
/// A PostgreSQL server of the tests alone, in a folder of its own; it needs the server's programs (Debian: package postgresql) and starts no service of the system.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly string? _programs = FindPrograms();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fhirmyeloma-postgres-");
    private readonly int _port = FreePort();
    private readonly bool _isDurable;
    private Process _process;

    /// <param name="isDurable">True to write to disk as in use; else as fast as may be.</param>
    public PostgresServer(bool isDurable = false)
    {
        _isDurable = isDurable;
        if (Environment.IsPrivilegedProcess)
            Do("chown", "postgres", _folder.FullName);
        Do(Path.Combine(_programs!, "initdb"), "-D", Data, "-U", "app", "--auth=trust", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C.UTF-8");
        _process = Start();
    }

    /// <summary>Why no server can be started here; null when one can.</summary>
    public static string? Missing { get; } = _programs is null ? "needs the programs of a PostgreSQL server 15 or later (Debian: apt-get install postgresql), or PG_TEST" : null;

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>A connection string, as the service takes it.</summary>
    public string Connection(string database) => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=app;Database={database}");

    /// <summary>As by <c>kill -9</c> of every process of the server.</summary>
    public void Kill()
    {
        // The server's own processes first: one that goes on alone would keep its successor from the data.
        foreach (var child in Children(_process.Id))
            Signal(child);
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Starts what was killed.</summary>
    public void Restart() => _process = Start();

    public void Dispose()
    {
        Kill();
        _folder.Delete(recursive: true);
    }

    private Process Start()
    {
        List<string> arguments =
        [
            "-D", Data, "-c", "listen_addresses=127.0.0.1", "-c", string.Create(CultureInfo.InvariantCulture, $"port={_port}"), "-c", $"unix_socket_directories={_folder.FullName}", "-c", "max_connections=200",
        ];
        if (!_isDurable)
            arguments.AddRange(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        var process = Run(Path.Combine(_programs!, "postgres"), arguments);
        var clock = Stopwatch.StartNew();
        while (!IsReady())
        {
            if (process.HasExited || clock.Elapsed > TimeSpan.FromSeconds(30))
                throw new InvalidOperationException($"The server of PostgreSQL does not start; see {_folder}.");
            Thread.Sleep(20);
        }

        return process;
    }

    private bool IsReady()
    {
        using var asked = Run(Path.Combine(_programs!, "pg_isready"), ["-q", "-h", "127.0.0.1", "-U", "app", "-d", "postgres", "-p", _port.ToString(CultureInfo.InvariantCulture)]);
        asked.WaitForExit();
        return asked.ExitCode == 0;
    }

    private static void Do(string program, params string[] arguments)
    {
        using var process = Run(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ends with code {process.ExitCode}.");
    }

    /// <summary>The server refuses to be root: as root it is started as the user that the package made for it.</summary>
    private static Process Run(string program, IEnumerable<string> arguments)
    {
        IEnumerable<string> words = [program, .. arguments];
        if (Environment.IsPrivilegedProcess && program.StartsWith('/'))
            words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. words];
        var start = new ProcessStartInfo(words.First()) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        var process = Process.Start(start)!;
        // Nobody reads it, and a full pipe would stop the process.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Signal(int process)
    {
        try
        {
            using var child = Process.GetProcessById(process);
            child.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It had ended.
        }
    }

    private static List<int> Children(int parent)
    {
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                // pid (name) state ppid …; the name may hold blanks.
                var status = File.ReadAllText(Path.Combine(folder, "stat"));
                if (status[(status.LastIndexOf(')') + 2)..].Split(' ')[1] == parent.ToString(CultureInfo.InvariantCulture))
                    found.Add(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It had ended.
            }
        }

        return found;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        return !OperatingSystem.IsLinux() || !Directory.Exists(Debian) ? null : Directory.GetDirectories(Debian)
            .Select(static folder => (Folder: Path.Combine(folder, "bin"), Version: int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0))
            .Where(static one => one.Version >= 15 && File.Exists(Path.Combine(one.Folder, "postgres")))
            .OrderByDescending(static one => one.Version)
            .Select(static one => one.Folder)
            .FirstOrDefault();
    }
}
