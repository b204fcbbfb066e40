using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace FhirMyeloma.Service.Metrics;

/// <summary>
/// Gathers what the meters of this program, of ASP.NET, of the runtime and of Npgsql measure, and writes it as Prometheus reads it (text format 0.0.4). Only labels of a short
/// list are kept: none of them can hold an id, a query or anything that somebody sent.
/// </summary>
internal sealed class MetricsText : IDisposable
{
    /// <summary>The media type.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly FrozenSet<string> _meters = FrozenSet.Create(StringComparer.Ordinal, Measures.Name, "FhirMyeloma.Store", "Microsoft.AspNetCore.Hosting", "System.Runtime", "Npgsql");
    private static readonly FrozenSet<string> _labels = FrozenSet.Create(
        StringComparer.Ordinal, "http.route", "http.response.status_code", "http.request.method", "gc.heap.generation", "cpu.mode", "outcome", "code", "state", "db.client.connection.state");

    // Half the requests take less than five milliseconds, and an import some seconds.
    private static readonly double[] _bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricsText()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Everything that was measured up to now.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(16 * 1024);
        foreach (var (name, family) in _families.OrderBy(static family => family.Key, StringComparer.Ordinal))
            family.Write(name, text);
        return text.ToString();
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var family = _families.GetOrAdd(Name(instrument), static (_, one) => new(Kind(one), one.Description ?? one.Name), instrument);
        family.Add(Labels(tags), value, instrument.IsObservable);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            if (!_labels.Contains(name))
                continue;
            text.Append(text.Length == 0 ? "" : ",").Append(name.Replace('.', '_')).Append("=\"")
                .Append(Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('"');
        }

        return text.ToString();
    }

    private static string Name(Instrument instrument)
    {
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        var name = instrument.Name.Replace('.', '_');
        return (name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit) + (Kind(instrument) == "counter" ? "_total" : "");
    }

    private static string Kind(Instrument instrument) => instrument switch
    {
        Histogram<double> or Histogram<long> or Histogram<int> => "histogram",
        Counter<long> or Counter<int> or Counter<double> or ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double> => "counter",
        _ => "gauge",
    };

    /// <summary>One metric with all its label sets.</summary>
    private sealed class Family(string kind, string help)
    {
        private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

        public void Add(string labels, double value, bool isTotal)
        {
            lock (_series)
            {
                if (!_series.TryGetValue(labels, out var series))
                    _series.Add(labels, series = new(kind == "histogram"));
                series.Add(value, isTotal);
            }
        }

        public void Write(string name, StringBuilder text)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\n", " ", StringComparison.Ordinal)).Append("\n# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
            lock (_series)
            {
                foreach (var (labels, series) in _series)
                    series.Write(name, labels, text);
            }
        }
    }

    /// <summary>The values of one label set.</summary>
    private sealed class Series(bool isHistogram)
    {
        private readonly long[] _counts = isHistogram ? new long[_bounds.Length + 1] : [];
        private double _sum;

        public void Add(double value, bool isTotal)
        {
            _sum = isTotal ? value : _sum + value;
            if (!isHistogram)
                return;
            var bucket = Array.FindIndex(_bounds, bound => value <= bound);
            _counts[bucket < 0 ? _bounds.Length : bucket]++;
        }

        public void Write(string name, string labels, StringBuilder text)
        {
            if (!isHistogram)
            {
                Line(name, labels, _sum, text);
                return;
            }

            var below = 0L;
            for (var i = 0; i <= _bounds.Length; i++)
            {
                below += _counts[i];
                var bound = i == _bounds.Length ? "+Inf" : _bounds[i].ToString(CultureInfo.InvariantCulture);
                Line(name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", below, text);
            }

            Line(name + "_sum", labels, _sum, text);
            Line(name + "_count", labels, below, text);
        }

        private static void Line(string name, string labels, double value, StringBuilder text)
        {
            text.Append(name);
            if (labels.Length > 0)
                text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
