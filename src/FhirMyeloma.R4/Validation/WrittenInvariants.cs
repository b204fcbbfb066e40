using System.Collections.Frozen;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>What a constraint says of one element when it is written out in C#.</summary>
internal enum Verdict
{
    Holds,
    Broken,

    /// <summary>This case is left to the FHIRPath expression.</summary>
    Ask,
}

/// <summary>A constraint written out, for an element of the structure that it was made for.</summary>
internal delegate Verdict WrittenOut(in FhirTape tape, int index);

/// <summary>The element below one that breaks a rule which is the fault of it alone; -1 when none is found.</summary>
internal delegate int Culprit(in FhirTape tape, int index);

/// <summary>
/// The constraints that hospital data meets often and whose values matter, in C# over the bytes. Each is asked only for
/// elements whose children leave it open, and a test holds each against its FHIRPath.
/// </summary>
internal static class WrittenInvariants
{
    private const string VerificationOfAllergy = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
    private const string VerificationOfCondition = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    private const string ClinicalOfCondition = "http://terminology.hl7.org/CodeSystem/condition-clinical";

    private static readonly int ConceptCoding = Slot("CodeableConcept", "coding");
    private static readonly int CodingSystem = Slot("Coding", "system");
    private static readonly int CodingCode = Slot("Coding", "code");
    private static readonly int QuantityValue = Slot("Quantity", "value");
    private static readonly int QuantitySystem = Slot("Quantity", "system");
    private static readonly int QuantityCode = Slot("Quantity", "code");
    private static readonly int MetaVersion = Slot("Meta", "versionId");
    private static readonly int MetaUpdated = Slot("Meta", "lastUpdated");
    private static readonly int MetaSecurity = Slot("Meta", "security");

    // By key and path, since inv-1 and the like mean something else elsewhere.
    private static readonly FrozenDictionary<(string Key, string Path), Func<StructSchema, WrittenOut>> Table =
        new Dictionary<(string, string), Func<StructSchema, WrittenOut>>
        {
            [("per-1", "Period")] = Ordered("start", "end"),
            [("ait-1", "AllergyIntolerance")] = OnlyIfCoded("verificationStatus", VerificationOfAllergy, "entered-in-error"),
            [("ait-2", "AllergyIntolerance")] = NotIfCoded("verificationStatus", VerificationOfAllergy, "entered-in-error"),
            [("con-4", "Condition")] = OnlyIfCoded("clinicalStatus", ClinicalOfCondition, "resolved", "remission", "inactive"),
            [("con-5", "Condition")] = NotIfCoded("verificationStatus", VerificationOfCondition, "entered-in-error"),
            [("obs-7", "Observation")] = ComponentsOfOtherCodes,
            [("tim-4", "Timing.repeat")] = NotNegative("duration"),
            [("tim-5", "Timing.repeat")] = NotNegative("period"),
            [("rng-2", "Range")] = LowUpToHigh,
            [("drt-1", "Duration")] = DurationInUcum,
            [("bdl-1", "Bundle")] = TypeIs("searchset", "history"),
            [("bdl-2", "Bundle")] = SearchOnlyInSearchset,
            [("bdl-3", "Bundle")] = EachEntry("request", "batch", "transaction", "history"),
            [("bdl-4", "Bundle")] = EachEntry("response", "batch-response", "transaction-response", "history"),
            [("bdl-9", "Bundle")] = UnlessType("document"),
            [("bdl-10", "Bundle")] = UnlessType("document"),
            [("bdl-11", "Bundle")] = FirstEntryHolds("document", "Composition"),
            [("bdl-12", "Bundle")] = FirstEntryHolds("message", "MessageHeader"),
            [("bdl-8", "Bundle.entry")] = FullUrlWithoutVersion,
        }.ToFrozenDictionary();

    /// <summary>The constraint in C#; null when only its FHIRPath knows.</summary>
    public static WrittenOut? Find(Constraint constraint, StructSchema schema) => constraint.Key switch
    {
        "dom-3" => ContainedReferences.AllAreReferredTo,
        "dom-4" => NoneContained(schema, MetaVersion, MetaUpdated),
        "dom-5" => NoneContained(schema, MetaSecurity),
        _ => Table.GetValueOrDefault((constraint.Key, schema.Path))?.Invoke(schema),
    };

    /// <summary>What finds the element that breaks a rule of a whole; null when it is the whole itself.</summary>
    public static Culprit? FindCulprit(Constraint constraint, StructSchema schema) => constraint.Key switch
    {
        "dom-3" => ContainedReferences.FindLoose,
        "dom-4" => ContainedWith(schema, MetaVersion, MetaUpdated),
        "dom-5" => ContainedWith(schema, MetaSecurity),
        "bdl-3" => OddEntry(schema, "request", ["batch", "transaction", "history"]),
        "bdl-4" => OddEntry(schema, "response", ["batch-response", "transaction-response", "history"]),
        _ => null,
    };

    public static int Slot(StructSchema schema, string name) => Array.Find(schema.Elements, element => element.Name == name)?.Slot
        ?? throw new InvalidOperationException($"{schema.Path} has no element '{name}'.");

    private static int Slot(string type, string name) => Slot(SchemaCatalog.R4.Find(type)!.Structure, name);

    private static byte[][] Utf8(string[] texts) => [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)];

    private static bool IsOneOf(in FhirTape tape, int node, byte[][] texts)
    {
        foreach (var text in texts)
        {
            if (node >= 0 && tape.Says(node, text))
                return true;
        }
        return false;
    }

    /// <summary>Two dateTimes written alike compare as their characters do, and days apart whatever their time zones; everything else is FHIRPath's.</summary>
    private static Func<StructSchema, WrittenOut> Ordered(string first, string second) => schema =>
    {
        var (from, to) = (Slot(schema, first), Slot(schema, second));
        return (in FhirTape tape, int index) =>
        {
            var start = tape.Utf8(tape.Child(index, from));
            var end = tape.Utf8(tape.Child(index, to));
            var alike = start.Length == end.Length && (start.Length is 4 or 7 or 10 || start.Length >= 20 && start[19..].SequenceEqual(end[19..]));
            if (alike)
                return start.SequenceCompareTo(end) <= 0 ? Verdict.Holds : Verdict.Ask;
            return start.Length >= 10 && end.Length >= 10 && AreDaysApart(start, end) ? Verdict.Holds : Verdict.Ask;
        };
    };

    private static bool AreDaysApart(ReadOnlySpan<byte> start, ReadOnlySpan<byte> end) =>
        start[..7].SequenceEqual(end[..7]) ? Digits(end[8..10]) - Digits(start[8..10]) >= 2
        : Digits(end[..4]) * 12 + Digits(end[5..7]) - Digits(start[..4]) * 12 - Digits(start[5..7]) >= 2;

    private static int Digits(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
            number = number * 10 + (digit - '0');
        return number;
    }

    private static bool HasCoding(in FhirTape tape, int concepts, int owner, byte[] system, byte[][] codes)
    {
        for (var concept = concepts; concept >= 0; concept = tape.NextItem(concept, owner))
        {
            for (var coding = tape.Child(concept, ConceptCoding); coding >= 0; coding = tape.NextItem(coding, concept))
            {
                if (IsOneOf(in tape, tape.Child(coding, CodingSystem), [system]) && IsOneOf(in tape, tape.Child(coding, CodingCode), codes))
                    return true;
            }
        }
        return false;
    }

    private static Func<StructSchema, WrittenOut> OnlyIfCoded(string name, string system, params string[] codes) => Coded(name, system, codes, Verdict.Holds, Verdict.Broken);

    private static Func<StructSchema, WrittenOut> NotIfCoded(string name, string system, params string[] codes) => Coded(name, system, codes, Verdict.Broken, Verdict.Holds);

    private static Func<StructSchema, WrittenOut> Coded(string name, string system, string[] codes, Verdict when, Verdict otherwise) => schema =>
    {
        var slot = Slot(schema, name);
        var (systemUtf8, codesUtf8) = (System.Text.Encoding.UTF8.GetBytes(system), Utf8(codes));
        return (in FhirTape tape, int index) => HasCoding(in tape, tape.Child(index, slot), index, systemUtf8, codesUtf8) ? when : otherwise;
    };

    /// <summary>A component repeats the code only when a coding is equal as a whole; without an equal code there is none.</summary>
    private static WrittenOut ComponentsOfOtherCodes(StructSchema schema)
    {
        var (code, component) = (Slot(schema, "code"), Slot(schema, "component"));
        var componentCode = Slot(schema.Elements[component].Properties[0].Structure, "code");
        return (in FhirTape tape, int index) =>
        {
            if (tape.Child(index, code) is not (>= 0 and var own))
                return Verdict.Holds;
            // One look through the codes for each component is quickest, as long as they are few.
            var many = CodesIfMany(in tape, own);
            for (var item = tape.Child(index, component); item >= 0; item = tape.NextItem(item, index))
            {
                if (tape.Child(item, componentCode) is >= 0 and var other && SharesCode(in tape, own, other, many))
                    return Verdict.Ask;
            }
            return Verdict.Holds;
        };
    }

    /// <summary>The codes of a concept with more codings than anybody writes; null for all others.</summary>
    private static HashSet<string>? CodesIfMany(in FhirTape tape, int concept)
    {
        var count = 0;
        for (var coding = tape.Child(concept, ConceptCoding); coding >= 0; coding = tape.NextItem(coding, concept))
            count++;
        if (count <= 16)
            return null;
        HashSet<string> codes = new(count, StringComparer.Ordinal);
        for (var coding = tape.Child(concept, ConceptCoding); coding >= 0; coding = tape.NextItem(coding, concept))
            codes.Add(Encoding.UTF8.GetString(tape.Utf8(tape.Child(coding, CodingCode))));
        return codes;
    }

    private static bool SharesCode(in FhirTape tape, int concept, int other, HashSet<string>? many)
    {
        for (var right = tape.Child(other, ConceptCoding); right >= 0; right = tape.NextItem(right, other))
        {
            var code = tape.Utf8(tape.Child(right, CodingCode));
            if (many is not null)
            {
                if (many.Contains(Encoding.UTF8.GetString(code)))
                    return true;
                continue;
            }
            for (var left = tape.Child(concept, ConceptCoding); left >= 0; left = tape.NextItem(left, concept))
            {
                if (tape.Utf8(tape.Child(left, CodingCode)).SequenceEqual(code))
                    return true;
            }
        }
        return false;
    }

    private static Func<StructSchema, WrittenOut> NotNegative(string name) => schema =>
    {
        var slot = Slot(schema, name);
        return (in FhirTape tape, int index) =>
            tape.Child(index, slot) is >= 0 and var number && tape.Nodes[number].Kind == NodeKind.Number && tape.Bytes(number)[0] != '-' ? Verdict.Holds : Verdict.Ask;
    };

    private static WrittenOut LowUpToHigh(StructSchema schema)
    {
        var (lower, upper) = (Slot(schema, "low"), Slot(schema, "high"));
        return (in FhirTape tape, int index) =>
        {
            var (low, high) = (tape.Child(index, lower), tape.Child(index, upper));
            var (from, to) = (Number(in tape, low), Number(in tape, high));
            var sameUnit = tape.Utf8(tape.Child(low, QuantityCode)).SequenceEqual(tape.Utf8(tape.Child(high, QuantityCode)))
                && tape.Utf8(tape.Child(low, QuantitySystem)).SequenceEqual(tape.Utf8(tape.Child(high, QuantitySystem)));
            return sameUnit && from <= to ? Verdict.Holds : Verdict.Ask;
        };
    }

    private static decimal? Number(in FhirTape tape, int quantity) =>
        tape.Child(quantity, QuantityValue) is >= 0 and var value && tape.Nodes[value].Kind == NodeKind.Number
        && System.Buffers.Text.Utf8Parser.TryParse(tape.Bytes(value), out decimal number, out var read) && read == tape.Nodes[value].Length ? number : null;

    private static WrittenOut DurationInUcum(StructSchema schema)
    {
        var (system, value) = (Slot(schema, "system"), Slot(schema, "value"));
        return (in FhirTape tape, int index) =>
            tape.Child(index, system) is >= 0 and var named && tape.Says(named, "http://unitsofmeasure.org"u8) && tape.Child(index, value) >= 0 ? Verdict.Holds : Verdict.Ask;
    }

    /// <summary>Asked only when what the rule restricts is there.</summary>
    private static Func<StructSchema, WrittenOut> TypeIs(params string[] types) => schema =>
    {
        var (slot, texts) = (Slot(schema, "type"), Utf8(types));
        return (in FhirTape tape, int index) => tape.Child(index, slot) is >= 0 and var type && IsOneOf(in tape, type, texts) ? Verdict.Holds : Verdict.Ask;
    };

    private static Func<StructSchema, WrittenOut> UnlessType(string type) => schema =>
    {
        var (slot, text) = (Slot(schema, "type"), System.Text.Encoding.UTF8.GetBytes(type));
        return (in FhirTape tape, int index) => tape.Child(index, slot) is >= 0 and var stated && tape.Nodes[stated].Kind == NodeKind.String && !tape.Says(stated, text) ? Verdict.Holds : Verdict.Ask;
    };

    private static WrittenOut SearchOnlyInSearchset(StructSchema schema)
    {
        var (type, entry) = (Slot(schema, "type"), Slot(schema, "entry"));
        var search = Slot(schema.Elements[entry].Properties[0].Structure, "search");
        return (in FhirTape tape, int index) =>
        {
            if (IsOneOf(in tape, tape.Child(index, type), ["searchset"u8.ToArray()]))
                return Verdict.Holds;
            for (var item = tape.Child(index, entry); item >= 0; item = tape.NextItem(item, index))
            {
                if (tape.Child(item, search) >= 0)
                    return Verdict.Ask;
            }
            return Verdict.Holds;
        };
    }

    /// <summary>Every entry has the child when the Bundle is of one of the types, and none has it otherwise.</summary>
    private static Func<StructSchema, WrittenOut> EachEntry(string name, params string[] types) => schema =>
    {
        var find = OddEntry(schema, name, types);
        var typeSlot = Slot(schema, "type");
        return (in FhirTape tape, int index) =>
            tape.Child(index, typeSlot) is >= 0 and var type && tape.Nodes[type].Kind == NodeKind.String ? find(in tape, index) < 0 ? Verdict.Holds : Verdict.Broken : Verdict.Ask;
    };

    private static Culprit OddEntry(StructSchema schema, string name, string[] types)
    {
        var (typeSlot, entry, texts) = (Slot(schema, "type"), Slot(schema, "entry"), Utf8(types));
        var child = Slot(schema.Elements[entry].Properties[0].Structure, name);
        return (in FhirTape tape, int index) =>
        {
            var wanted = IsOneOf(in tape, tape.Child(index, typeSlot), texts);
            var item = tape.Child(index, entry);
            while (item >= 0 && tape.Child(item, child) >= 0 == wanted)
                item = tape.NextItem(item, index);
            return item;
        };
    }

    private static Func<StructSchema, WrittenOut> FirstEntryHolds(string type, string resourceType) => schema =>
    {
        var (typeSlot, entry, text) = (Slot(schema, "type"), Slot(schema, "entry"), System.Text.Encoding.UTF8.GetBytes(type));
        var resource = Slot(schema.Elements[entry].Properties[0].Structure, "resource");
        var wanted = SchemaCatalog.R4.Find(resourceType)!.Id;
        return (in FhirTape tape, int index) =>
        {
            var stated = tape.Child(index, typeSlot);
            if (stated >= 0 && tape.Nodes[stated].Kind == NodeKind.String && !tape.Says(stated, text))
                return Verdict.Holds;
            return tape.Child(index, entry) is >= 0 and var first && tape.Child(first, resource) is >= 0 and var held
                && tape.Nodes[held].Is(NodeFlags.Resource) && tape.Nodes[held].Link == wanted ? Verdict.Holds : Verdict.Ask;
        };
    };

    private static WrittenOut FullUrlWithoutVersion(StructSchema schema)
    {
        var slot = Slot(schema, "fullUrl");
        return (in FhirTape tape, int index) => tape.Utf8(tape.Child(index, slot)).IndexOf("/_history/"u8) < 0 ? Verdict.Holds : Verdict.Broken;
    }

    private static WrittenOut NoneContained(StructSchema schema, params int[] slotsOfMeta)
    {
        var find = ContainedWith(schema, slotsOfMeta);
        return (in FhirTape tape, int index) => find(in tape, index) < 0 ? Verdict.Holds : Verdict.Broken;
    }

    private static Culprit ContainedWith(StructSchema schema, params int[] slotsOfMeta)
    {
        var (contained, meta) = (Slot(schema, "contained"), Slot(schema, "meta"));
        return (in FhirTape tape, int index) =>
        {
            for (var resource = tape.Child(index, contained); resource >= 0; resource = tape.NextItem(resource, index))
            {
                // Every resource has its meta in the same slot; one that could not be read has no children.
                var about = tape.Nodes[resource].Is(NodeFlags.Resource) ? tape.Child(resource, meta) : -1;
                foreach (var slot in slotsOfMeta)
                {
                    if (about >= 0 && tape.Child(about, slot) >= 0)
                        return resource;
                }
            }
            return -1;
        };
    }
}
