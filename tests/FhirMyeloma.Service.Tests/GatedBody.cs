using System.Text;

namespace FhirMyeloma.Service.Tests;

/// <summary>A body of a request whose end comes when the gate opens.</summary>
/// <param name="text">The body.</param>
/// <param name="gate">The gate.</param>
/// <param name="beginning">Bytes of space that come before it at once.</param>
internal sealed class GatedBody(string text, Task gate, int beginning = 0) : MemoryStream(Encoding.UTF8.GetBytes(new string(' ', beginning) + text), writable: false)
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when what stands behind the gate is asked for.</summary>
    public Task Asked => _asked.Task;

    public override bool CanSeek => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position < beginning)
            return await base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, beginning - Position)], cancellationToken);
        _asked.TrySetResult();
        await gate.WaitAsync(cancellationToken);
        return await base.ReadAsync(buffer, cancellationToken);
    }
}
