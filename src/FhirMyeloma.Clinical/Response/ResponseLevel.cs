namespace FhirMyeloma.Clinical.Response;

/// <summary>IMWG response categories, deepest last among responses; not evaluable is lowest (contract: sCR CR VGPR PR MR SD PD NE).</summary>
public enum ResponseLevel
{
    /// <summary>NE.</summary>
    NotEvaluable = 0,
    /// <summary>PD.</summary>
    Progressive = 1,
    /// <summary>SD.</summary>
    Stable = 2,
    /// <summary>MR.</summary>
    Minimal = 3,
    /// <summary>PR.</summary>
    Partial = 4,
    /// <summary>VGPR.</summary>
    VeryGoodPartial = 5,
    /// <summary>CR.</summary>
    Complete = 6,
    /// <summary>sCR.</summary>
    StringentComplete = 7,
}

/// <summary>The codes of <see cref="ResponseLevel"/> on the wire.</summary>
public static class ResponseLevels
{
    /// <summary>The short form: sCR, CR, VGPR, PR, MR, SD, PD, NE.</summary>
    public static string Code(this ResponseLevel level) => level switch
    {
        ResponseLevel.StringentComplete => "sCR",
        ResponseLevel.Complete => "CR",
        ResponseLevel.VeryGoodPartial => "VGPR",
        ResponseLevel.Partial => "PR",
        ResponseLevel.Minimal => "MR",
        ResponseLevel.Stable => "SD",
        ResponseLevel.Progressive => "PD",
        ResponseLevel.NotEvaluable => "NE",
    };
}
