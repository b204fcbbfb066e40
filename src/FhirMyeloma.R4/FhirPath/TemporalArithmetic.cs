namespace FhirMyeloma.R4.FhirPath;

/// <summary>Date and time arithmetic (section 6.6), boundaries and parts.</summary>
internal sealed partial record Temporal
{
    /// <summary>
    /// Adds so many calendar units; null when the result is beyond year 1 to 9999. Fractions of units above seconds are ignored,
    /// and units finer than the precision count as the whole units of the precision that they fill.
    /// </summary>
    public Temporal? Add(decimal amount, CalendarUnit unit)
    {
        if (unit < CalendarUnit.Second)
            amount = decimal.Truncate(amount);
        var (whole, step) = ToPrecision(amount, unit);
        try
        {
            var ticks = step switch
            {
                CalendarUnit.Year => Clock.AddYears(checked((int)whole)).Ticks,
                CalendarUnit.Month => Clock.AddMonths(checked((int)whole)).Ticks,
                _ => checked(Ticks + (long)decimal.Truncate(whole * step.Ticks())),
            };
            if (Kind == ItemKind.Time)
                ticks = ((ticks % TimeSpan.TicksPerDay) + TimeSpan.TicksPerDay) % TimeSpan.TicksPerDay;
            if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
                return null;
            return this with { Ticks = ticks, FractionDigits = Math.Max(FractionDigits, FractionNeeded(ticks)) };
        }
        catch (Exception fault) when (fault is OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Digits that are stated: 4, 6, 8, 10, 12, 14, 17 for years to milliseconds, 2, 4, 6, 9 for times.</summary>
    public int Digits() => (Precision, Kind) switch
    {
        (TemporalPrecision.Second, ItemKind.Time) => FractionDigits > 0 ? 9 : 6,
        (TemporalPrecision.Second, _) => FractionDigits > 0 ? 17 : 14,
        (_, ItemKind.Time) => ((int)Precision - 2) * 2,
        _ => 4 + ((int)Precision * 2),
    };

    /// <summary>The earliest (or latest) moment that it can mean, with so many digits; null when no such precision exists.</summary>
    public Temporal? Boundary(int digits, bool high)
    {
        var precision = (Kind, digits) switch
        {
            (ItemKind.Time, 2) => TemporalPrecision.Hour,
            (ItemKind.Time, 4) => TemporalPrecision.Minute,
            (ItemKind.Time, 6 or 9) => TemporalPrecision.Second,
            (ItemKind.Date or ItemKind.DateTime, 4) => TemporalPrecision.Year,
            (ItemKind.Date or ItemKind.DateTime, 6) => TemporalPrecision.Month,
            (ItemKind.Date or ItemKind.DateTime, 8) => TemporalPrecision.Day,
            (ItemKind.DateTime, 10) => TemporalPrecision.Hour,
            (ItemKind.DateTime, 12) => TemporalPrecision.Minute,
            (ItemKind.DateTime, 14 or 17) => TemporalPrecision.Second,
            _ => (TemporalPrecision?)null,
        };
        if (precision is not { } wanted)
            return null;
        var hasFraction = digits is 9 or 17;
        var ticks = high ? EndTicks() : Ticks;
        ticks -= ticks % (hasFraction ? TimeSpan.TicksPerMillisecond : wanted == TemporalPrecision.Second ? TimeSpan.TicksPerSecond : 1);
        int? zone = wanted < TemporalPrecision.Hour || Kind == ItemKind.Time ? null : OffsetMinutes ?? (high ? MinOffset : MaxOffset);
        return new(Kind, StartOf(ticks, wanted), wanted, hasFraction ? 3 : 0, zone, IsZulu && zone is not null);
    }

    /// <summary>One number of it; null when it is not stated.</summary>
    public int? Part(TemporalPrecision part)
    {
        if (Precision < part || (Kind == ItemKind.Time) && part < TemporalPrecision.Hour)
            return null;
        return part switch
        {
            TemporalPrecision.Year => Clock.Year,
            TemporalPrecision.Month => Clock.Month,
            TemporalPrecision.Day => Clock.Day,
            TemporalPrecision.Hour => Clock.Hour,
            TemporalPrecision.Minute => Clock.Minute,
            TemporalPrecision.Second => Clock.Second,
        };
    }

    public int? Millisecond => FractionDigits > 0 ? Clock.Millisecond : null;

    public Temporal? DatePart => Kind == ItemKind.Time ? null : new(ItemKind.Date, StartOf(Ticks, (TemporalPrecision)Math.Min((int)Precision, (int)TemporalPrecision.Day)), (TemporalPrecision)Math.Min((int)Precision, (int)TemporalPrecision.Day));

    public Temporal? TimePart => Precision < TemporalPrecision.Hour ? null : new(ItemKind.Time, Ticks % TimeSpan.TicksPerDay, Precision, FractionDigits);

    /// <summary>The same as a dateTime.</summary>
    public Temporal AsDateTime => Kind == ItemKind.Date ? this with { Kind = ItemKind.DateTime } : this;

    /// <summary>The last tick that it can mean.</summary>
    private long EndTicks() => Precision switch
    {
        TemporalPrecision.Year => Clock.Year == 9999 ? DateTime.MaxValue.Ticks : Clock.AddYears(1).Ticks - 1,
        TemporalPrecision.Month => Clock is { Year: 9999, Month: 12 } ? DateTime.MaxValue.Ticks : Clock.AddMonths(1).Ticks - 1,
        TemporalPrecision.Day => Ticks + TimeSpan.TicksPerDay - 1,
        TemporalPrecision.Hour => Ticks + TimeSpan.TicksPerHour - 1,
        TemporalPrecision.Minute => Ticks + TimeSpan.TicksPerMinute - 1,
        TemporalPrecision.Second => Ticks + FractionUnit() - 1,
    };

    private long FractionUnit()
    {
        var unit = TimeSpan.TicksPerSecond;
        for (var digit = 0; digit < Math.Min(FractionDigits, 7); digit++)
            unit /= 10;
        return unit;
    }

    private static long StartOf(long ticks, TemporalPrecision precision)
    {
        var clock = new DateTime(ticks, DateTimeKind.Unspecified);
        return precision switch
        {
            TemporalPrecision.Year => new DateTime(clock.Year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).Ticks,
            TemporalPrecision.Month => new DateTime(clock.Year, clock.Month, 1, 0, 0, 0, DateTimeKind.Unspecified).Ticks,
            TemporalPrecision.Day => ticks - (ticks % TimeSpan.TicksPerDay),
            TemporalPrecision.Hour => ticks - (ticks % TimeSpan.TicksPerHour),
            TemporalPrecision.Minute => ticks - (ticks % TimeSpan.TicksPerMinute),
            TemporalPrecision.Second => ticks,
        };
    }

    private static int FractionNeeded(long ticks) => (ticks % TimeSpan.TicksPerSecond) switch
    {
        0 => 0,
        var rest when rest % TimeSpan.TicksPerMillisecond == 0 => 3,
        _ => 7,
    };

    private (decimal Amount, CalendarUnit Unit) ToPrecision(decimal amount, CalendarUnit unit)
    {
        var own = Precision switch
        {
            TemporalPrecision.Year => CalendarUnit.Year,
            TemporalPrecision.Month => CalendarUnit.Month,
            TemporalPrecision.Day => CalendarUnit.Day,
            TemporalPrecision.Hour => CalendarUnit.Hour,
            TemporalPrecision.Minute => CalendarUnit.Minute,
            TemporalPrecision.Second => CalendarUnit.Millisecond,
        };
        if (unit <= own)
            return (amount, unit);
        if (own == CalendarUnit.Year && unit == CalendarUnit.Month)
            return (decimal.Truncate(amount / 12), own);
        var days = amount * unit.Ticks() / TimeSpan.TicksPerDay;
        return own switch
        {
            CalendarUnit.Year => (decimal.Truncate(days / 365), own),
            CalendarUnit.Month => (decimal.Truncate(days / 30), own),
            _ => (decimal.Truncate(amount * unit.Ticks() / own.Ticks()), own),
        };
    }
}
