using System.Text;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>What an item must answer to belong to a slice: every condition.</summary>
/// <param name="Conditions">Empty when the slice says nothing that its discriminators look at: then nobody can say what belongs to it.</param>
/// <param name="ByEverything">True without discriminators: an item belongs when it breaks none of the slice's rules.</param>
internal sealed record SliceTest(SliceCondition[] Conditions, bool ByEverything = false);

/// <summary>One discriminator, with what the slice says at its path.</summary>
/// <param name="Kind">What is compared.</param>
/// <param name="Path">Where.</param>
internal abstract record SliceCondition(DiscriminatorKind Kind, PathStep[] Path);

/// <summary>A value there is one of these.</summary>
internal sealed record ValueCondition(PathStep[] Path, Element Expected, bool IsPattern) : SliceCondition(DiscriminatorKind.Value, Path);

/// <summary>The url of an extension, known from the profile of the slice.</summary>
internal sealed record UrlCondition(PathStep[] Path, string Url) : SliceCondition(DiscriminatorKind.Value, Path)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Url);
}

/// <summary>A code there is in a value set.</summary>
internal sealed record BindingCondition(PathStep[] Path, BindingRule Binding) : SliceCondition(DiscriminatorKind.Value, Path);

/// <summary>Something is there, or nothing.</summary>
internal sealed record ExistsCondition(PathStep[] Path, bool Exists) : SliceCondition(DiscriminatorKind.Exists, Path);

/// <summary>What is there has one of the types.</summary>
internal sealed record TypeCondition(PathStep[] Path, string[] Types) : SliceCondition(DiscriminatorKind.Type, Path);

/// <summary>What is there meets one of the profiles.</summary>
internal sealed record ProfileCondition(PathStep[] Path, string[] Profiles) : SliceCondition(DiscriminatorKind.Profile, Path);

/// <summary>The steps that a discriminator's path may take.</summary>
internal enum StepKind : byte
{
    Child,
    Extension,
    Resolve,
    OfType,
}

/// <summary>One step of a discriminator's path; <c>$this</c> is no step.</summary>
/// <param name="Kind">Where it leads.</param>
/// <param name="Name">The child, the url of the extension, or the type.</param>
internal readonly record struct PathStep(StepKind Kind, string Name)
{
    /// <summary>The steps of a discriminator's path; null when it is more than R4 allows there.</summary>
    public static PathStep[]? Parse(string path)
    {
        List<PathStep> steps = [];
        var at = 0;
        while (at < path.Length)
        {
            var end = at;
            while (end < path.Length && path[end] is not ('.' or '('))
                end++;
            var name = path[at..end];
            string? argument = null;
            if (end < path.Length && path[end] == '(')
            {
                var close = path.IndexOf(')', end);
                if (close < 0)
                    return null;
                argument = path[(end + 1)..close].Trim().Trim('\'', '"', '`');
                end = close + 1;
            }
            if (end < path.Length && path[end] != '.')
                return null;
            switch (name, argument)
            {
                case ("$this", null):
                    break;
                case ("extension", { Length: > 0 } url):
                    steps.Add(new(StepKind.Extension, url));
                    break;
                case ("resolve", ""):
                    steps.Add(new(StepKind.Resolve, ""));
                    break;
                case ("ofType" or "as", { Length: > 0 } type):
                    steps.Add(new(StepKind.OfType, type[(type.LastIndexOf('.') + 1)..]));
                    break;
                case ({ Length: > 0 }, null) when char.IsLetter(name[0]):
                    steps.Add(new(StepKind.Child, name.EndsWith("[x]", StringComparison.Ordinal) ? name[..^3] : name));
                    break;
                default:
                    return null;
            }
            at = end + 1;
        }
        return [.. steps];
    }
}
