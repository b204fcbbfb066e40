namespace FhirMyeloma.Clinical.Lines;

/// <summary>The numbers and choices of one line ruleset (d.1, d.2); a study that counts otherwise is another row.</summary>
internal sealed record LinePolicy
{
    /// <summary><c>rrs-2015</c>.</summary>
    public static LinePolicy Rrs2015 { get; } = new();

    /// <summary>
    /// <c>rwd-28-90</c>: every drug of the first 28 days is the regimen; the same regimen after 90 days without dose is a new line; the response does not
    /// decide what was planned. Papers also use gaps of 60, 120 and 180 days and a window of 35: <c>Rwd28To90 with { … }</c>.
    /// </summary>
    public static LinePolicy Rwd28To90 { get; } = new() { WindowIsRegimen = true, SameRegimenGapDays = 90, PlannedNeedsResponse = false };

    /// <summary><c>cibmtr</c>: every change of regimen is a line, planned or not.</summary>
    public static LinePolicy Cibmtr { get; } = new() { PlannedChangesStay = false };

    /// <summary>The row of a ruleset.</summary>
    public static LinePolicy Of(LineRuleset ruleset) => ruleset switch
    {
        LineRuleset.Rrs2015 => Rrs2015,
        LineRuleset.Rwd28_90 => Rwd28To90,
        LineRuleset.Cibmtr => Cibmtr,
    };

    /// <summary>Drugs that begin on these first days of a line belong to its first regimen and name it.</summary>
    public int RegimenWindowDays { get; init; } = 28;

    /// <summary>A drug that begins in the window belongs to the regimen even when what began before it has stopped.</summary>
    public bool WindowIsRegimen { get; init; }

    /// <summary>Days without any dose after which the same regimen is a new line; null: never (R-LOT-6).</summary>
    public int? SameRegimenGapDays { get; init; }

    /// <summary>A planned change stays in the line.</summary>
    public bool PlannedChangesStay { get; init; } = true;

    /// <summary>PD or a best response below PR before the change makes it unplanned (d.1).</summary>
    public bool PlannedNeedsResponse { get; init; } = true;

    /// <summary>Maintenance that begins later than this after the last treatment was not planned from the start (R-LOT-8), unless a plan says so.</summary>
    public int MaintenanceWithinDays { get; init; } = 180;

    /// <summary>Conditioning is melphalan on at most <see cref="ConditioningDoses"/> days, so many days or fewer before the transplant.</summary>
    public int ConditioningBeforeTransplantDays { get; init; } = 14;

    /// <summary>Most days of melphalan that still are conditioning (a.10).</summary>
    public int ConditioningDoses { get; init; } = 2;

    /// <summary>Earliest day of the line on which melphalan alone is taken as a transplant (a.10).</summary>
    public int AssumedTransplantFromDay { get; init; } = 60;

    /// <summary>Last such day.</summary>
    public int AssumedTransplantToDay { get; init; } = 150;

    /// <summary>Cyclophosphamide alone so many days or fewer before a collection or its growth factor is mobilisation (R-LOT-11).</summary>
    public int MobilisationDays { get; init; } = 30;

    /// <summary>Fludarabine and cyclophosphamide so many days or fewer before CAR-T cells are lymphodepletion (R-LOT-11).</summary>
    public int LymphodepletionDays { get; init; } = 14;

    /// <summary>Doses between a collection and CAR-T cells that follow within so many days are bridging (R-LOT-12).</summary>
    public int BridgingDays { get; init; } = 120;

    /// <summary>A planned tandem is given within so many days of the first transplant (R-LOT-5).</summary>
    public int TandemDays { get; init; } = 183;

    /// <summary>Records of a transplant that lie so many days or fewer apart are one transplant.</summary>
    public int OneTransplantDays { get; init; } = 14;

    /// <summary>A plan written so many days or fewer before the first dose belongs to the line.</summary>
    public int PlanBeforeLineDays { get; init; } = 60;
}
