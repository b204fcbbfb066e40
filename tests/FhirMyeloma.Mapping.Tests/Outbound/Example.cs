using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Clinical.Washout;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Tests.Outbound;

/// <summary>One patient whose results use every kind of row; tests change what their claim is about.</summary>
internal static class Example
{
    public const string PatientKey = "urn:hospital:mrn|A-1";

    public static RenderSettings Settings { get; } = new() { Timestamp = new(2025, 6, 1, 10, 30, 0, TimeSpan.Zero), Version = "0.1.0" };

    public static ClinicalDate Date(string text) => ClinicalDate.Parse(text);

    public static SourceId Source(string name) => new(name);

    private static readonly Element Input = Read("""
        {"resourceType":"Bundle","type":"collection","entry":[
          {"fullUrl":"https://hospital.example/fhir/Patient/p1","resource":{"resourceType":"Patient","gender":"female","id":"p1","identifier":[{"value":"A-1","system":"urn:hospital:mrn"}],"birthDate":"1970-05"}},
          {"resource":{"resourceType":"Observation","id":"m1","identifier":[{"value":"LAB-1","system":"urn:lab"}],"status":"final","code":{"text":"M-protein"}}}
        ]}
        """);

    public static Element Patient { get; } = Input["entry"]["resource"];

    public static Element LabIdentifier { get; } = Input.Children("entry")[1]["resource"]["identifier"];

    public static FrozenDictionary<SourceId, InputReference> Sources { get; } = new Dictionary<SourceId, InputReference>
    {
        [Source("m1")] = new("urn:uuid:0c0f5a34-0000-4000-8000-000000000001", "Observation", LabIdentifier, "Bundle.entry[1].resource"),
        [Source("m2")] = new("Observation/m2/_history/3", "Observation", default, "Bundle.entry[2].resource"),
        [Source("m3")] = new("Observation/box", "Observation", default, "Bundle.entry[3].resource", IsContainer: true),
        [Source("d1")] = new("MedicationAdministration/dara-last", "MedicationAdministration", default, "Bundle.entry[4].resource"),
        [Source("d2")] = new("MedicationAdministration/isa-first", "MedicationAdministration", default, "Bundle.entry[5].resource"),
        [Source("t1")] = new("Procedure/asct", "Procedure", default, "Bundle.entry[6].resource"),
        [Source("p1")] = new("Patient/p1", "Patient", default, "Bundle.entry[0].resource"),
    }.ToFrozenDictionary();

    public static LineOfTherapy Line { get; } = new()
    {
        Number = 1,
        First = Date("2023-01-10"),
        Last = Date("2023-05-10"),
        Regimen = "Dara-VRd",
        Drugs =
        [
            new(Drug.Lenalidomide, Date("2023-01-10"), Date("2023-05-01"), ExposureEvidence.Statement, [Source("d1")]),
            new(Drug.Daratumumab, Date("2023-01-10"), Date("2023-05-10"), ExposureEvidence.Administration, [Source("d1")]),
        ],
        CyclesStarted = 4,
        CyclesCompleted = 4,
        CyclesDocumented = 5,
        Transplants = [Date("2023-04-02"), Date("2023-03")],
        Phases = [new(PhaseKind.Transplant, Date("2023-03")), new(PhaseKind.Induction, Date("2023-01-10"))],
        StartReason = LineStartReason.FirstTherapy,
        EndReason = LineEndReason.NextLine,
        Confidence = Confidence.High,
        Rules = ["R-LOT-1"],
        Flags = [Flag.Review, Flag.CyclesDiffer],
        Sources = [Source("d1"), Source("t1")],
    };

    public static AntibodySwitch Switch { get; } = new()
    {
        From = Drug.Daratumumab,
        To = Drug.Isatuximab,
        Ordinal = 1,
        LastDose = Date("2023-05-10"),
        FirstDose = Date("2023-06-14"),
        Days = new(35, 35),
        Primary = true,
        Category = WashoutCategory.LessThan3Months,
        EvidenceLevel = ExposureEvidence.Administration,
        LastLineResponse = ResponseLevel.Minimal,
        RefractoryAtLast = Tri.NotMet,
        Flags = [Flag.NoWashout],
        Sources = [Source("d2"), Source("d1"), Source("d1")],
    };

    public static DatedReading Value(decimal value, string date) => new(Reading.Exact(value), Date(date));

    public static ResponseAt At { get; } = new()
    {
        Line = 1,
        Date = Date("2023-05-12"),
        Level = ResponseLevel.VeryGoodPartial,
        Confirmed = false,
        Marker = ResponseMarker.SerumM,
        Value = Value(0.080m, "2023-05-12"),
        Baseline = Value(4.68m, "2023-01-09"),
        PercentChange = -98.290598290598290598m,
        Criterion = "IMWG-2016/VGPR",
        Strict = ResponseLevel.Partial,
        Relaxed = ResponseLevel.VeryGoodPartial,
        BoundWorst = ResponseLevel.VeryGoodPartial,
        BoundBest = ResponseLevel.StringentComplete,
        Flags = [Flag.UrineAssumed, Flag.CrCandidate],
        Missing = [MissingInput.IfeUrine, MissingInput.IfeSerum],
        Sources = [Source("m2"), Source("m1"), Source("m3")],
    };

    public static LineResponse Response { get; } = new()
    {
        Line = 1,
        Best = ResponseLevel.VeryGoodPartial,
        IsFinal = false,
        BestConfirmed = ResponseLevel.NotEvaluable,
        Strict = ResponseLevel.Partial,
        Relaxed = ResponseLevel.VeryGoodPartial,
        BoundWorst = ResponseLevel.VeryGoodPartial,
        BoundBest = ResponseLevel.StringentComplete,
        MeasurableBy = MeasurableBy.Serum,
        Marker = ResponseMarker.SerumM,
        Baseline = Value(4.680m, "2023-01-09"),
        Nadir = Value(0.08m, "2023-05-12"),
        Last = Value(0.9m, "2023-09"),
        Deciding = Value(0.08m, "2023-05-12"),
        PercentChange = -98.290598290598290598m,
        Criterion = "IMWG-2016/VGPR",
        Progression = new(Date("2023-09"), "R-PD-1", false, null, [Source("m2")]),
        FirstResponse = Date("2023-03-01"),
        BestResponse = Date("2023-05-12"),
        IfDrugBand = ResponseLevel.VeryGoodPartial,
        IfDrugAtBaseline = new(ResponseLevel.Partial, -89.285714m),
        Interference = InterferenceStrength.Strong,
        PeriodStart = Date("2023-01-09"),
        PeriodEnd = Date("2023-09"),
        Flags = [Flag.UrineAssumed, Flag.Unconfirmed, Flag.CrCandidate],
        Missing = [MissingInput.IfeUrine, MissingInput.Bmpc, MissingInput.IfeSerum],
        Sources = [Source("m1"), Source("m2"), Source("m3"), Source("d1")],
        Assessments = [At],
    };

    public static DrugRefractoriness Refractoriness { get; } = new(
        Drug.Daratumumab, 1, Date("2023-01-10"), Date("2023-05-10"), RefractoryStatus.NotRefractory, ["POOR_LT_PR", "DARA_OTHER"], "R-REF-6",
        ProgressionSource.ImwgDerived, [Flag.Unconfirmed], [Source("m1"), Source("d1")]);

    public static ReportedResponseCheck Check { get; } = new(
        1, Date("2023-05-12"), 0, ResponseLevel.StringentComplete, ResponseLevel.VeryGoodPartial, ReportedVerdict.NotDerivable,
        [MissingInput.IfeSerum], "R-CONF-5", [Source("m1")]);

    public static EndpointResult Time { get; } = new()
    {
        Line = 1,
        Endpoint = Endpoint.ProgressionFreeSurvival,
        Start = Date("2023-01-10"),
        End = Date("2023-09"),
        Days = new(234, 263),
        Event = EndpointEvent.Progression,
        ProgressionConfirmed = false,
        IsFinal = false,
        Flags = [Flag.Unconfirmed],
        Sources = [Source("d1"), Source("m2")],
    };

    public static DerivedCase Results { get; } = new()
    {
        Policy = DerivationPolicy.Default,
        Lines = [Line],
        Switches = [Switch],
        ByRuleset =
        [
            new(
                ResponseRuleset.Imwg2016,
                [Response],
                [Refractoriness],
                new(ClassLabel.Single, [Drug.Daratumumab], Date("2023-01-10"), Date("2023-05-10"), [], [Source("d1")]),
                [Check])
            {
                TimesToEvent =
                [
                    new()
                    {
                        Endpoint = Endpoint.OverallSurvival, Start = Date("2023-01-05"), End = Date("2024-01-05"), Days = new(365, 365),
                        Censoring = CensoringRule.LastKnownAlive, IsFinal = true, Sources = [Source("m1")],
                    },
                    Time,
                    Time with { Endpoint = Endpoint.TimeToProgression },
                    Time with { Endpoint = Endpoint.TimeToNextTreatment, End = Date("2023-01-10"), Days = new(0, 0), Event = EndpointEvent.Death, ProgressionConfirmed = null, IsFinal = true, Flags = [] },
                ],
            },
        ],
        Mrd = [new(Date("2023-08-01"), MrdStatusCode.Negative, MrdMethod.Flow, 0.000001m, "R-MRD-1", [], [Source("m1")])],
        Stages =
        [
            new(StagingSystem.Iss, 3, 3, 3, 3, Date("2023-01-05"), [], [], "ISS", [Source("m1")]),
            new(StagingSystem.RIss, null, 3, 2, 2, Date("2023-01-05"), ["LDH", "DEL_17P"], [Flag.LdhAssumed], "R-ISS", []),
            new(StagingSystem.R2Iss, 4, 4, 4, null, null, [], [], "R2-ISS", []),
        ],
        Risks =
        [
            new(RiskDefinition.RIss, RiskLevel.High, [Abnormality.T4_14, Abnormality.Del17p], RiskLevel.High, RiskLevel.Standard, Date("2023-01-05"), [], [Flag.HighRiskPresumed], [Source("m2")]),
            new(RiskDefinition.ImsImwg2025, RiskLevel.NotDeterminable, [], RiskLevel.High, RiskLevel.Standard, null, ["CREATININE"], [], []),
        ],
    };

    public static MyelomaCase Case { get; } = new() { PatientKey = PatientKey, HasMyelomaEvidence = true };

    public static PatientResults Results1 { get; } = new()
    {
        Case = Case,
        Results = Results,
        Patient = Patient,
        FullUrl = "https://hospital.example/fhir/Patient/p1",
        Sources = Sources,
    };

    public static DerivedCase With(LineResponse response) =>
        Results with { ByRuleset = [Results.ByRuleset[0] with { Responses = [response] }] };

    public static byte[] Render(PatientResults patient, Language language = Language.English, params Issue[] issues) =>
        CaseToBundle.Render([patient], issues, Settings with { Language = language });

    public static Element Read(string json) => FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!.Root;

    public static Element Bundle(PatientResults patient, Language language = Language.English, params Issue[] issues) =>
        FhirJsonReader.Read(Render(patient, language, issues)).Document!.Root;

    /// <summary>All resources of a Bundle in their order.</summary>
    public static ImmutableArray<Element> Resources(this Element bundle) => [.. bundle.Children("entry").ToArray().Select(entry => entry["resource"])];

    /// <summary>The derived Observation of that code.</summary>
    public static Element Observation(this Element bundle, string code) =>
        bundle.Resources().First(resource => resource.TypeName == "Observation" && resource["code"]["coding"]["code"].Text == code);

    /// <summary>Components of that code.</summary>
    public static ImmutableArray<Element> Components(this Element observation, string code) =>
        [.. observation.Children("component").ToArray().Where(component => component["code"]["coding"]["code"].Text == code)];

    /// <summary>What the value of an Observation or component says, in short: <c>system tail|code</c>, number and unit, date.</summary>
    public static string Said(this Element holder)
    {
        var value = holder.Choice("value");
        return value.Name switch
        {
            "valueCodeableConcept" => string.Join(' ', value.Children("coding").ToArray().Select(Short)),
            "valueQuantity" => Quantity(value),
            "valueRange" => $"{Quantity(value["low"])} .. {Quantity(value["high"])}",
            "" => $"absent {Short(holder["dataAbsentReason"]["coding"])}",
            _ => $"{value.Name} {value.Text}",
        };
    }

    private static string Short(Element coding) => $"{coding["system"].Text!.Split('/')[^1]}|{coding["code"].Text}";

    private static string Quantity(Element quantity) => $"{quantity["comparator"].Text}{quantity["value"].Text} {quantity["code"].Text}";
}

/// <summary>Assertions on lists of texts.</summary>
internal static class Listed
{
    /// <summary>The same texts in the same order.</summary>
    public static void Same(IEnumerable<string?> expected, IEnumerable<string?> actual) =>
        Assert.Equal(string.Join('\n', expected), string.Join('\n', actual));
}
