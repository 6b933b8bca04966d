import ArgumentParser
import Journal
import NodeRuntime
import PodModel
import Reconciler
import Tables

/// `events`: what happened to Pods.
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what happened to Pods, the newest last.",
        usage: """
            reconcile-agent events [-A | -n <name>] [--types <types>] [-w]
            reconcile-agent events --for pod/<name> [-n <name>] [-o <format>]
            """,
        discussion: """
            An event that happened often is one line with its count. Answers whether or not
            an agent is running; Pods that are gone are told of too, for 90 days.
            """)

    @Flag(name: [.customShort("A"), .long], help: "Events of all namespaces.")
    var allNamespaces = false

    @Option(name: .customLong("for"), help: ArgumentHelp("Only those about one Pod: pod/NAME.", valueName: "object"))
    var object: String?

    @Option(help: ArgumentHelp("Only those of a type: Normal, Warning.", valueName: "types"))
    var types: String?

    @Flag(name: .shortAndLong, help: "Go on with what happens from now on.")
    var watch = false

    @Flag(help: "Leave the line of headers out.")
    var noHeaders = false

    @Option(name: .short("o"), help: ArgumentHelp("How to print it.", valueName: "format"))
    var output: OutputFormat = .text

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func validate() throws {
        if watch, output != .text, output != .wide {
            throw ValidationError("--watch prints lines: use -o text or wide")
        }
    }

    func run() async throws {
        let namespace = allNamespaces ? nil : try namespace.name()
        let filter = EventFilter(namespace: namespace, name: try wantedPod(), types: try wantedTypes())
        let paths = try node.readablePaths(for: "events")
        let journal = try JournalGlance(paths)
        let nodeName = try NodeIdentity.load(below: paths.stateDirectory)?.nodeName
        let presentation = EventPresentation(
            format: output, withNamespace: allNamespaces, withHeaders: !noHeaders, nodeName: nodeName)
        let events = try await journal.happenings(filter)
        if watch { return try await follow(journal, filter, from: events, presentation) }
        if events.isEmpty, output == .text || output == .wide {
            return write(standardError: noEventsFound(inNamespace: namespace) + "\n")
        }
        write(standardOutput: presentation.text(of: events, now: .now()))
    }

    /// Prints what is there, then whatever is told anew, until a signal ends it.
    private func follow(
        _ journal: JournalGlance, _ filter: EventFilter, from first: [EventSeries], _ presentation: EventPresentation
    ) async throws {
        var shown: Set<EventSeries> = []
        var presentation = presentation
        var events = first
        while true {
            let news = events.filter { !shown.contains($0) }
            if !news.isEmpty {
                write(standardOutput: presentation.text(of: news, now: .now()))
                presentation.withHeaders = false
            }
            shown = Set(events)
            try await Task.sleep(for: .milliseconds(500))
            events = try await journal.happenings(filter)
        }
    }

    private func wantedPod() throws -> String? {
        guard let object else { return nil }
        let parts = object.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw CommandFailure(.usage, "--for must be in resource/name form", hint: "for example --for pod/\(object)")
        }
        guard ["pod", "pods", "po"].contains(parts[0].lowercased()) else {
            throw CommandFailure(.usage, "there is no kind '\(parts[0])' here", hint: "--for pod/\(parts[1])")
        }
        return parts[1]
    }

    private func wantedTypes() throws -> Set<PodEvent.EventType> {
        guard let types else { return Set(PodEvent.EventType.allCases) }
        return Set(
            try types.split(separator: ",").map { word in
                let type = PodEvent.EventType.allCases.first { $0.rawValue.lowercased() == word.lowercased() }
                guard let type else {
                    throw CommandFailure(
                        .usage, "'\(word)' is no type of event", hint: "valid --types are Normal or Warning")
                }
                return type
            })
    }
}
