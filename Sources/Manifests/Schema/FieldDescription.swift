/// A row of the table without the type it belongs to: for hints, documentation and digests.
struct FieldDescription: Sendable, Hashable {
    let name: String
    /// The type in words.
    var type = ""
    var isRequired = false
    /// What is filled in when the field is not written; nil for nothing.
    var defaultValue: JSONValue?
    /// Whether what is filled in depends on other fields.
    var followsOthers = false
    /// What a change does; of an object with fields of its own, what its coming and going does.
    var impact = FieldImpact.recreate
    var verdict = Verdict.supported
    /// The fields of the object, or of the objects in the list, that the field holds.
    var fields: [FieldDescription] = []
    var isList = false
    /// Whether any change below it replaces the Pod, whatever the fields there say.
    var replacesPod = false
    /// Whether its author may choose more names of fields than the table has.
    var isOpen = false
}

/// What a value looks like when nothing is written.
enum Form: Sendable {
    /// Empty text counts as not written.
    case text
    /// An empty list counts as not written where one is required.
    case list
    /// When a required object is missing, its required fields are what is missing.
    case object
    case other
}
