extension [String: String] {
    /// Labels in a column: `app=web,tier=front`, in the order of their keys.
    var labelText: String {
        isEmpty ? "<none>" : sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
    }
}
