import ArgumentParser

/// `-n NAMESPACE`, for verbs about one Pod.
struct NamespaceOption: ParsableArguments {
    @Option(name: .short("n"), help: ArgumentHelp("The Pod's namespace. (default: default)", valueName: "name"))
    var namespace: String?

    func name() throws -> String { try setting(namespace, "namespace", default: "default") }
}
