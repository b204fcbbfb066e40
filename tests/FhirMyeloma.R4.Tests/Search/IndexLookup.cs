using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Search;

namespace FhirMyeloma.R4.Tests.Search;

/// <summary>A store in its simplest form: does any of the candidates find the resource by its rows?</summary>
internal static class IndexLookup
{
    public static bool Finds(IndexCandidates candidates, Element resource, IndexEntries entries) =>
        candidates.Postings.Any(posting => posting.Parameter == "_id" ? resource["id"].Text == posting.Key : entries.Postings.Contains(posting))
        || candidates.Moments.Any(asked => asked.Parameter == "_lastUpdated"
            ? DateRange.Of(resource["meta"]["lastUpdated"]) is { } updated && updated.Low <= asked.High && updated.High >= asked.Low
            : entries.Moments.Any(moment => moment.Parameter == asked.Parameter && moment.Low <= asked.High && moment.High >= asked.Low));
}
