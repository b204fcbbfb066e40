namespace FhirMyeloma.R4.Issues;

/// <summary>The stable codes of the issues that the kernel reports. A code is never reused for another meaning.</summary>
public static class IssueCodes
{
    /// <summary>The text is not JSON.</summary>
    public const string JsonSyntax = "json-syntax";

    /// <summary>The bytes are not UTF-8, or a string escapes half a surrogate pair.</summary>
    public const string NotUtf8 = "not-utf8";

    /// <summary>Nested deeper than 64.</summary>
    public const string TooDeep = "too-deep";

    /// <summary>One JSON object has the same member twice, also under escaped spellings.</summary>
    public const string DuplicateKey = "duplicate-key";

    /// <summary>The root is not an object with a <c>resourceType</c>.</summary>
    public const string ResourceTypeMissing = "resource-type-missing";

    /// <summary><c>resourceType</c> names no resource of R4, or an abstract one.</summary>
    public const string ResourceTypeUnknown = "resource-type-unknown";

    /// <summary>The structure has no such element.</summary>
    public const string UnknownElement = "unknown-element";

    /// <summary>A number where a string belongs, an object where a primitive belongs, and so on.</summary>
    public const string WrongJsonType = "wrong-json-type";

    /// <summary>The element repeats, so JSON needs an array.</summary>
    public const string ArrayExpected = "array-expected";

    /// <summary>The element does not repeat, but there are several, or a JSON array.</summary>
    public const string ArrayNotExpected = "array-not-expected";

    /// <summary><c>[]</c>.</summary>
    public const string EmptyArray = "empty-array";

    /// <summary><c>{}</c>, or an XML element with nothing in it.</summary>
    public const string EmptyObject = "empty-object";

    /// <summary><c>""</c>, also as the value of an XML attribute.</summary>
    public const string EmptyString = "empty-string";

    /// <summary><c>null</c> where FHIR JSON does not allow it.</summary>
    public const string NullNotAllowed = "null-not-allowed";

    /// <summary>A primitive value is not in the format of its type.</summary>
    public const string PrimitiveFormat = "primitive-format";

    /// <summary>A string longer than 1,048,576 characters.</summary>
    public const string StringTooLong = "string-too-long";

    /// <summary>Narrative that is not a <c>div</c> of XHTML.</summary>
    public const string NarrativeNotXhtml = "narrative-not-xhtml";

    /// <summary>An element that must occur does not.</summary>
    public const string ElementMissing = "element-missing";

    /// <summary>An element that this use of the type excludes.</summary>
    public const string ElementNotAllowed = "element-not-allowed";

    /// <summary>Two types of one choice element.</summary>
    public const string ChoiceRepeated = "choice-repeated";

    /// <summary>A choice element in a type that it does not have.</summary>
    public const string ChoiceTypeNotAllowed = "choice-type-not-allowed";

    /// <summary>A code that the required value set does not contain.</summary>
    public const string CodeNotInValueSet = "code-not-in-value-set";

    /// <summary>A <c>_name</c> member beside something that is not primitive, or longer than its values.</summary>
    public const string UnderscoreMisplaced = "underscore-misplaced";

    /// <summary>A contained resource contains resources.</summary>
    public const string ContainedInContained = "contained-in-contained";

    /// <summary>A reference to a type that the element does not allow.</summary>
    public const string ReferenceTypeNotAllowed = "reference-type-not-allowed";

    /// <summary>A <c>urn:</c> or <c>#id</c> reference whose target is not there.</summary>
    public const string ReferenceDangling = "reference-dangling";

    /// <summary>A reference that leaves the Bundle.</summary>
    public const string ReferenceLeavesBundle = "reference-leaves-bundle";

    /// <summary>One fullUrl on two resources of a Bundle.</summary>
    public const string FullUrlRepeated = "full-url-repeated";

    /// <summary>A constraint of R4 or of a profile does not hold.</summary>
    public const string Invariant = "invariant";

    /// <summary>A constraint could not be evaluated.</summary>
    public const string InvariantNotEvaluated = "invariant-not-evaluated";

    /// <summary>Rules were left out, because the document made them cost too much.</summary>
    public const string ValidationTooCostly = "validation-too-costly";

    /// <summary>No coding is of the value set of an extensible binding.</summary>
    public const string CodeNotInExtensibleValueSet = "code-not-in-extensible-value-set";

    /// <summary>A unit with the system of UCUM is not a UCUM expression.</summary>
    public const string UnitNotUcum = "unit-not-ucum";

    /// <summary>The definition of an extension is not known.</summary>
    public const string ExtensionUnknown = "extension-unknown";

    /// <summary>A modifier extension that is not understood.</summary>
    public const string ModifierExtensionUnknown = "modifier-extension-unknown";

    /// <summary>The definition of an extension does not allow it at this place.</summary>
    public const string ExtensionMisplaced = "extension-misplaced";

    /// <summary>A fullUrl is relative, or names a version.</summary>
    public const string FullUrlForm = "full-url-form";

    /// <summary>A fullUrl does not agree with the resource's type and id.</summary>
    public const string FullUrlNotOfResource = "full-url-not-of-resource";

    /// <summary>A contained resource without an id.</summary>
    public const string ContainedIdMissing = "contained-id-missing";

    /// <summary>Two contained resources with the same id.</summary>
    public const string ContainedIdRepeated = "contained-id-repeated";

    /// <summary>A profile that is claimed or asked for is not known, so nobody checked it.</summary>
    public const string ProfileUnknown = "profile-unknown";

    /// <summary>A profile for another type of resource.</summary>
    public const string ProfileOfOtherType = "profile-of-other-type";

    /// <summary>A part of a profile that cannot be checked here.</summary>
    public const string ProfileNotChecked = "profile-not-checked";

    /// <summary>Fewer or more occurrences of an element or a slice than the profile asks for.</summary>
    public const string ProfileCardinality = "profile-cardinality";

    /// <summary>A type that the profile does not allow for the element.</summary>
    public const string ProfileType = "profile-type";

    /// <summary>Another value than the one that the profile fixes.</summary>
    public const string ProfileFixed = "profile-fixed";

    /// <summary>A value without what the profile's pattern asks for.</summary>
    public const string ProfilePattern = "profile-pattern";

    /// <summary>A value outside of the profile's range, or longer than it allows.</summary>
    public const string ProfileRange = "profile-range";

    /// <summary>A code that the profile's value set does not contain.</summary>
    public const string ProfileBinding = "profile-binding";

    /// <summary>An item that fits no slice of a closed slicing, or stands out of order.</summary>
    public const string ProfileSlicing = "profile-slicing";

    /// <summary>A value or the target of a reference that meets none of the profiles it may meet.</summary>
    public const string ProfileNoneMet = "profile-none-met";

    /// <summary>A reference to a target that the profile does not allow, or in a way that it does not allow.</summary>
    public const string ProfileTarget = "profile-target";

    /// <summary>A primitive without the value that the profile insists on.</summary>
    public const string ProfileValueMissing = "profile-value-missing";

    /// <summary>The text is not well-formed XML.</summary>
    public const string XmlSyntax = "xml-syntax";

    /// <summary>The XML has a document type declaration.</summary>
    public const string DoctypeNotAllowed = "doctype-not-allowed";

    /// <summary>An element of the XML is not in the namespace that it belongs to.</summary>
    public const string NamespaceWrong = "namespace-wrong";

    /// <summary>An attribute that the XML element does not have.</summary>
    public const string UnknownAttribute = "unknown-attribute";

    /// <summary>Written as an element where FHIR XML has an attribute.</summary>
    public const string AttributeExpected = "attribute-expected";

    /// <summary>Text in an XML element; FHIR XML has its values in attributes.</summary>
    public const string TextNotAllowed = "text-not-allowed";

    /// <summary>An XML element that stands after one that the definition has below it.</summary>
    public const string ElementOrder = "element-order";

    /// <summary>One <c>contained</c> element of the XML holds several resources.</summary>
    public const string ResourceRepeated = "resource-repeated";

    /// <summary>A relation twice among the links of a Bundle.</summary>
    public const string LinkRepeated = "link-repeated";

    /// <summary>A narrative without the language sections that the profile asks for, or with some that it does not want.</summary>
    public const string ProfileNarrative = "profile-narrative";

    /// <summary>A URL of an example domain where those are not allowed.</summary>
    public const string ExampleUrl = "example-url";

    /// <summary>HTML in markdown where that is not allowed.</summary>
    public const string HtmlInMarkdown = "html-in-markdown";

    /// <summary>A StructureDefinition that cannot be used as it is.</summary>
    public const string DefinitionFault = "definition-fault";

    /// <summary>A document does not hold what its Composition refers to.</summary>
    public const string DocumentIncomplete = "document-incomplete";

    /// <summary>An entry of a document that no reference connects with its Composition.</summary>
    public const string DocumentUnconnected = "document-unconnected";

    /// <summary>The size of an attachment is not that of its data.</summary>
    public const string AttachmentSize = "attachment-size";

    /// <summary>A query asks for a parameter that the type does not have.</summary>
    public const string SearchParameterUnknown = "search-parameter-unknown";

    /// <summary>A query changes a parameter in a way that it cannot be changed.</summary>
    public const string SearchModifierUnknown = "search-modifier-unknown";

    /// <summary>A value of a query is not what the parameter compares.</summary>
    public const string SearchValueInvalid = "search-value-invalid";

    /// <summary>A chain that leads nowhere, or too far.</summary>
    public const string SearchChainInvalid = "search-chain-invalid";

    /// <summary>More issues than are listed.</summary>
    public const string IssuesLeftOut = "issues-left-out";
}
