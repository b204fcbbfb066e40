using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Staging;

/// <summary>
/// Risk under four named definitions (f.2), which do not agree; none is preferred. Abnormalities count whenever they were found; beta-2 microglobulin and
/// creatinine are those at diagnosis. A rule is a row: its inputs and when they make high risk.
/// </summary>
public static class CytogeneticRisks
{
    /// <summary>Cells in per cent from which del(17p) counts in IMS/IMWG 2025. Reports give "over 20" and "20 or more"; f.2 takes the latter.</summary>
    private const decimal SufficientFraction = 20;

    /// <summary>Creatinine below which it is normal in rule (4) of IMS/IMWG 2025, mg/dL.</summary>
    private const decimal CreatinineNormal = 1.2m;

    /// <summary>One result per definition, in the order of <see cref="RiskDefinition"/>.</summary>
    /// <param name="patient">The case.</param>
    /// <param name="firstDose">First dose of any anti-myeloma drug; blood results after it do not count. Null when there is none.</param>
    public static ImmutableArray<CytogeneticRisk> Derive(MyelomaCase patient, ClinicalDate? firstDose) =>
        Derive(patient, firstDose, Stages.Derive(patient, firstDose));

    /// <summary>As above, where the stages are derived already.</summary>
    internal static ImmutableArray<CytogeneticRisk> Derive(MyelomaCase patient, ClinicalDate? firstDose, ImmutableArray<StageResult> stages)
    {
        var read = new Inputs(patient, firstDose, stages[1]);
        return [.. Definitions.Select(definition => Risk(definition, read))];
    }

    private sealed record Definition(
        RiskDefinition Name, FrozenSet<Abnormality> Counts, Func<Inputs, ImmutableArray<OpenInput>> Inputs, Func<int[], bool> High);

    private static readonly ImmutableArray<Definition> Definitions =
    [
        new(RiskDefinition.RIss,
            [Abnormality.Del17p, Abnormality.T4_14, Abnormality.T14_16],
            read => [read.Del17p, read.T4_14, read.T14_16],
            Any),
        new(RiskDefinition.Imwg2016,
            [
                Abnormality.Del17p, Abnormality.Tp53Mutation, Abnormality.T4_14, Abnormality.T14_16, Abnormality.T14_20,
                Abnormality.Gain1q, Abnormality.Amp1q, Abnormality.NonHyperdiploid,
            ],
            read => [read.Del17p, read.Tp53, read.T4_14, read.T14_16, read.T14_20, read.Gain1q, read.NonHyperdiploid],
            Any),
        new(RiskDefinition.ImsImwg2025,
            [
                Abnormality.Del17p, Abnormality.Tp53Mutation, Abnormality.T4_14, Abnormality.T14_16, Abnormality.T14_20,
                Abnormality.Gain1q, Abnormality.Amp1q, Abnormality.Del1p32, Abnormality.Del1p32Biallelic, Abnormality.Del1pUnspecified,
            ],
            read =>
            [
                read.Del17pInSufficientFraction, read.Tp53, read.T4_14, read.T14_16, read.T14_20, read.Gain1q, read.Del1p32,
                read.HighBeta2Microglobulin, read.NormalCreatinine,
            ],
            ImsImwg2025),
        new(RiskDefinition.MSmart,
            [
                Abnormality.Del17p, Abnormality.Tp53Mutation, Abnormality.T4_14, Abnormality.T14_16, Abnormality.T14_20,
                Abnormality.Gain1q, Abnormality.Amp1q,
            ],
            read => [read.Del17p, read.Tp53, read.T4_14, read.T14_16, read.T14_20, read.Gain1q, read.RIssThree],
            Any),
    ];

    private static bool Any(int[] levels) => levels.Any(level => level > 0);

    /// <summary>The four rules of Avet-Loiseau 2025, in the order of the inputs above; del(1p32) is 1 on one allele and 2 on both.</summary>
    private static bool ImsImwg2025(int[] levels) => levels switch
    {
        [var del17p, var tp53, var t4_14, var t14_16, var t14_20, var gain1q, var del1p32, var beta2, var creatinine] =>
            del17p + tp53 > 0
            || (t4_14 + t14_16 + t14_20 > 0 && gain1q + del1p32 > 0)
            || (del1p32 == 1 && gain1q > 0) || del1p32 == 2
            || (beta2 > 0 && creatinine > 0),
        _ => throw new ArgumentException("nine inputs", nameof(levels)),
    };

    private static CytogeneticRisk Risk(Definition definition, Inputs read)
    {
        var inputs = definition.Inputs(read);
        int? Rule(int[] levels) => definition.High(levels) ? 1 : 0;
        var all = new Combinations(inputs, Rule);
        var presumed = new Combinations([.. inputs.Select(input => input.AsPresumed())], Rule);
        var open = inputs.Where((input, i) => input.IsOpen && all.Matters(i)).ToList();
        var level = presumed.Results is [var only] ? Level(only) : RiskLevel.NotDeterminable;
        var cited = level == RiskLevel.High ? Deciding(inputs, Rule) : inputs;
        ImmutableArray<Fact> facts = [.. cited.SelectMany(input => input.Facts)];
        return new(
            definition.Name,
            level,
            read.Fish.Found(definition.Counts),
            Level(all.Results[^1]),
            Level(all.Results[0]),
            read.DateOf(facts),
            [.. open.Where(input => !input.IsMeasured).Select(input => input.Name).SelectMany(name => read.Expand(name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [.. Flags(level, open, cited)],
            [.. facts.Select(fact => fact.Source).Distinct().Order()]);
    }

    /// <summary>What makes the risk high: of the inputs that are there, those that tip the rule in company of some of the others.</summary>
    private static ImmutableArray<OpenInput> Deciding(ImmutableArray<OpenInput> inputs, Func<int[], int?> rule)
    {
        ImmutableArray<OpenInput> present =
        [
            .. inputs.Select(input => input.AsPresumed()).Select(input => input with { Possible = input.Possible is [> 0 and var level] ? [0, level] : [0] }),
        ];
        var subsets = new Combinations(present, rule);
        return [.. inputs.Where((input, i) => !input.Facts.IsEmpty && subsets.Matters(i))];
    }

    private static IEnumerable<Flag> Flags(RiskLevel level, List<OpenInput> open, ImmutableArray<OpenInput> cited) =>
        open.SelectMany(input => input.Flags)
            .Where(flag => flag != Flag.HighRiskPresumed || level == RiskLevel.High)
            .Concat(cited.SelectMany(input => input.Flags).Where(flag => flag == Flag.PreliminaryUsed))
            .Distinct()
            .Order();

    private static RiskLevel Level(int high) => high > 0 ? RiskLevel.High : RiskLevel.Standard;

    /// <summary>What the record says of everything that some definition reads.</summary>
    private sealed class Inputs
    {
        private readonly MyelomaCase _patient;
        private readonly StageResult _rIss;

        public Inputs(MyelomaCase patient, ClinicalDate? firstDose, StageResult rIss)
        {
            (_patient, _rIss) = (patient, rIss);
            var window = new DiagnosisWindow(patient.Diagnosis.Date, firstDose);
            Fish = new Cytogenetics(patient.Diagnosis);

            Del17p = YesNo("DEL_17P", Abnormality.Del17p);
            T4_14 = YesNo("T_4_14", Abnormality.T4_14);
            T14_16 = YesNo("T_14_16", Abnormality.T14_16);
            T14_20 = YesNo("T_14_20", Abnormality.T14_20);
            Gain1q = YesNo("GAIN_1Q", Abnormality.Gain1q, Abnormality.Amp1q);
            // Sequencing and karyotype are not part of every work-up: untested they do not withhold a standard risk, but keep the bound open.
            Tp53 = YesNo("TP53_MUTATION", Abnormality.Tp53Mutation) with { Presumed = 0 };
            NonHyperdiploid = YesNo("NON_HYPERDIPLOID", Abnormality.NonHyperdiploid) with { Presumed = 0 };
            Del17pInSufficientFraction = SufficientDel17p();
            Del1p32 = ShortArmOf1();
            HighBeta2Microglobulin = HighBeta2(window);
            NormalCreatinine = window.Input(patient, Marker.Creatinine, "CREATININE", 2, value => Levels(value.Value.IsBelow(CreatinineNormal)));
            RIssThree = RIss();
        }

        public Cytogenetics Fish { get; }
        public OpenInput Del17p { get; }
        public OpenInput Tp53 { get; }
        public OpenInput T4_14 { get; }
        public OpenInput T14_16 { get; }
        public OpenInput T14_20 { get; }
        public OpenInput Gain1q { get; }
        public OpenInput NonHyperdiploid { get; }
        public OpenInput Del17pInSufficientFraction { get; }
        public OpenInput Del1p32 { get; }
        public OpenInput HighBeta2Microglobulin { get; }
        public OpenInput NormalCreatinine { get; }
        public OpenInput RIssThree { get; }

        /// <summary>The inputs behind an input: an undecided R-ISS misses what it misses.</summary>
        public ImmutableArray<string> Expand(string name) => name == RIssName ? _rIss.Missing : [name];

        /// <summary>The latest of the dates, else the diagnosis.</summary>
        public ClinicalDate? DateOf(ImmutableArray<Fact> facts) => facts.Select(fact => fact.Date).Max() ?? _patient.Diagnosis.Date;

        private const string RIssName = "R_ISS";

        private OpenInput YesNo(string name, params ReadOnlySpan<Abnormality> any) => OpenInput.YesNo(name, Fish.Has(any), Fish.Facts(any));

        /// <summary>Rule (1): the fraction is asked for only where the deletion was found; without it, presumed sufficient.</summary>
        private OpenInput SufficientDel17p()
        {
            if (!Del17p.Possible.SequenceEqual([1]))
                return Del17p;
            var sufficient = Fish.InAtLeast(SufficientFraction, Abnormality.Del17p);
            return OpenInput.YesNo("DEL_17P_CLONAL_FRACTION", sufficient, Del17p.Facts) with { Presumed = 1, Flags = [Flag.HighRiskPresumed] };
        }

        /// <summary>Rules (2) and (3): on both alleles, on one, on none; a deletion of 1p without band is presumed to be one of 1p32 on one allele.</summary>
        private OpenInput ShortArmOf1()
        {
            const string name = "DEL_1P32";
            var both = Fish.Has(Abnormality.Del1p32Biallelic);
            var one = Fish.Has(Abnormality.Del1p32);
            var facts = Fish.Facts(Abnormality.Del1p32, Abnormality.Del1p32Biallelic, Abnormality.Del1pUnspecified);
            if (both.IsMet || one.IsMet)
                return new(name, 3, [both.IsMet ? 2 : 1], facts);
            if (Fish.Has(Abnormality.Del1pUnspecified).IsMet && !Fish.RulesOut(Abnormality.Del1p32))
                return new(name, 3, [0, 1], facts) { Presumed = 1, Flags = [Flag.HighRiskPresumed] };
            return new(name, 3, one.IsNotMet ? [0] : both.IsNotMet ? [0, 1] : [0, 1, 2], facts);
        }

        /// <summary>Rule (4), from the measured value, else from a stated ISS: III means 5.5 mg/L or more (f.3), I and II mean less.</summary>
        private OpenInput HighBeta2(DiagnosisWindow window)
        {
            var measured = Stages.Beta2Microglobulin(_patient, window);
            var high = measured with
            {
                Levels = 2,
                Possible = [.. measured.Possible.Select(level => level == 2 ? 1 : 0).Distinct()],
                Presumed = measured.Presumed is null ? null : 1,
            };
            if (!high.Facts.IsEmpty || window.StatedInput(_patient, StagingSystem.Iss) is not { } stated)
                return high;
            return OpenInput.YesNo(high.Name, Tri.Of(stated.Stage == 3), [new(stated.Source, stated.Date)]);
        }

        /// <summary>R-ISS III as computed, else as stated, else as its bounds leave it.</summary>
        private OpenInput RIss()
        {
            ImmutableArray<Fact> facts = [.. _rIss.Sources.Select(source => new Fact(source, _rIss.Date))];
            if ((_rIss.Stage ?? _rIss.Reported) is { } stage)
            {
                var stated = _patient.Diagnosis.StatedStages.Where(one => one.System == StagingSystem.RIss && one.Stage == stage).Select(one => new Fact(one.Source, one.Date));
                return OpenInput.YesNo(RIssName, Tri.Of(stage == 3), _rIss.Stage is null ? [.. stated] : facts);
            }
            return OpenInput.YesNo(RIssName, _rIss.BoundWorst is 3 ? Tri.Unknown : Tri.NotMet, facts);
        }

        private static IEnumerable<int> Levels(Tri worse) => worse.IsMet ? [1] : worse.IsNotMet ? [0] : [0, 1];
    }
}
