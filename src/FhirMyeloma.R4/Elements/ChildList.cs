using System.Collections;

namespace FhirMyeloma.R4.Elements;

/// <summary>
/// Some or all children of an element, walked in the order of the source. <c>foreach</c> allocates nothing;
/// <see cref="Count"/> and the indexer walk from the start each time.
/// </summary>
public readonly struct ChildList : IReadOnlyList<Element>
{
    private readonly FhirDocument? document;
    private readonly int parent;
    private readonly string? name;

    internal ChildList(FhirDocument? document, int parent, string? name)
    {
        this.document = document;
        this.parent = parent;
        this.name = name;
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var _ in this)
                count++;
            return count;
        }
    }

    /// <summary>The item at that position; the element that does not exist when there are fewer.</summary>
    public Element this[int index]
    {
        get
        {
            foreach (var child in this)
            {
                if (index-- == 0)
                    return child;
            }
            return default;
        }
    }

    /// <summary>All of them, for the rare case that they are needed out of order.</summary>
    public Element[] ToArray()
    {
        List<Element> items = [];
        foreach (var child in this)
            items.Add(child);
        return [.. items];
    }

    /// <summary>Walks the children.</summary>
    public Enumerator GetEnumerator() => new(document, parent, name);

    IEnumerator<Element> IEnumerable<Element>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The walk.</summary>
    public struct Enumerator : IEnumerator<Element>
    {
        private readonly FhirDocument? document;
        private readonly string? name;
        private readonly int end;
        private int next;

        internal Enumerator(FhirDocument? document, int parent, string? name)
        {
            this.document = document;
            this.name = name;
            if (document is null)
                return;
            var nodes = document.Tape.Nodes;
            // The children of a primitive lie in its companion.
            var holder = nodes[parent].Kind == NodeKind.Object || nodes[parent].Link == 0 || nodes[parent].Property is null ? parent : nodes[parent].Link;
            next = holder + 1;
            end = nodes[holder].End;
        }

        /// <inheritdoc/>
        public Element Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            while (next < end)
            {
                var at = next;
                ref readonly var node = ref document!.Tape.Nodes[at];
                next = node.End;
                if (node.Is(NodeFlags.Hidden) || name is not null && name != (node.Property?.Name ?? document.Tape.Name(at)))
                    continue;
                Current = new(document, at);
                return true;
            }
            return false;
        }

        /// <summary>Not supported.</summary>
        public readonly void Reset() => throw new NotSupportedException();

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
