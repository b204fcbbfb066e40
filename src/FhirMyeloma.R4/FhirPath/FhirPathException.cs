namespace FhirMyeloma.R4.FhirPath;

/// <summary>What is wrong with an expression.</summary>
/// <param name="Message">What, and what to do about it; never a value of the data.</param>
/// <param name="Position">Zero-based position in the text of the expression.</param>
public sealed record FhirPathFault(string Message, int Position)
{
    /// <summary>The message with its place, counted from 1 as editors do.</summary>
    public override string ToString() => $"{Message} (at character {Position + 1}).";
}

/// <summary>An expression cannot be compiled or evaluated; the message says why and where.</summary>
public sealed class FhirPathException : Exception
{
    /// <summary>For serializers; use the other constructor.</summary>
    public FhirPathException() : this(new FhirPathFault("The expression has failed", 0))
    {
    }

    /// <summary>A failure without a place.</summary>
    public FhirPathException(string message) : this(new FhirPathFault(message, 0))
    {
    }

    /// <summary>A failure with its cause.</summary>
    public FhirPathException(string message, Exception inner) : base(message, inner) => Fault = new(message, 0);

    /// <summary>The usual way.</summary>
    public FhirPathException(FhirPathFault fault) : base(fault?.ToString()) => Fault = fault!;

    internal FhirPathException(string message, int position) : this(new FhirPathFault(message, position))
    {
    }

    /// <summary>What and where.</summary>
    public FhirPathFault Fault { get; }

    /// <summary>Zero-based position in the text of the expression.</summary>
    public int Position => Fault.Position;
}
