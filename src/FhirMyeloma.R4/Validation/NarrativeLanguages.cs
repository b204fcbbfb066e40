using System.Xml;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// The language sections of a narrative: the div elements directly inside its div that state a language. Profiles control them with
/// the extension narrative-language-control: <c>_no</c>, <c>_yes</c>, <c>_resource</c> (the language of the resource) or a language.
/// </summary>
internal static class NarrativeLanguages
{
    /// <summary>What the narrative breaks, as the end of a sentence; null when it is as wanted, or not XHTML, which is reported elsewhere.</summary>
    public static string? Fault(Element narrative, string[] controls)
    {
        if (narrative["div"].Text is not { Length: > 0 } div || Sections(div) is not { } sections)
            return null;
        foreach (var control in controls)
        {
            switch (control)
            {
                case "_no":
                    if (sections.Count > 0)
                        return "must have no language sections";
                    break;
                case "_yes":
                    if (sections.Count == 0)
                        return "must have language sections: div elements with lang and xml:lang inside of its div";
                    break;
                case "_resource":
                    if (narrative.Parent["language"].Text is { } language && !sections.Contains(language))
                        return "must have a section in the language of the resource";
                    break;
                default:
                    if (!sections.Contains(control))
                        return $"must have a section in the language '{control}'";
                    break;
            }
        }
        return null;
    }

    private static HashSet<string>? Sections(string div)
    {
        var languages = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            using var text = new StringReader(div);
            using var reader = XmlReader.Create(text, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.Depth == 1 && reader.LocalName == "div" && (reader.GetAttribute("xml:lang") ?? reader.GetAttribute("lang")) is { Length: > 0 } language)
                    languages.Add(language);
            }
        }
        catch (XmlException)
        {
            return null;
        }
        return languages;
    }
}
