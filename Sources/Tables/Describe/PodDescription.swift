import Manifests
import PodModel

/// `kubectl describe pod`: one Pod in full, with what happened to it lately.
///
/// Renders the Kubernetes object alone, so that whoever has one, from a record or from an API, gets the same page. The
/// labels and their order are kubectl's (`pkg/describe/describe.go`); what Kubernetes prints only when it is set is left
/// out when it is not. Times are UTC.
public struct PodDescription: Hashable, Sendable {
    private let pod: JSONValue
    private let events: [EventSeries]?
    private let source: String
    private let now: WallTime

    /// The page of a Pod.
    ///
    /// - Parameters:
    ///   - pod: the object.
    ///   - events: oldest first; nil when they are not to be shown.
    ///   - source: who tells of the events.
    ///   - now: the time that ages are counted to.
    public init(_ pod: JSONValue, events: [EventSeries]?, source: String, now: WallTime) {
        self.pod = pod
        self.events = events
        self.source = source
        self.now = now
    }

    /// The page.
    public var text: String {
        var page = ElasticTabs()
        head(&page)
        let statuses = status["containerStatuses"]
        if let initial = spec["initContainers"]?.items, !initial.isEmpty {
            page.add(0, "Init Containers:")
            describe(initial, status["initContainerStatuses"], &page)
        }
        let containers = spec["containers"]?.items ?? []
        page.add(0, containers.isEmpty ? "Containers: <none>" : "Containers:")
        describe(containers, statuses, &page)
        conditions(&page)
        VolumeDescriptions(spec["volumes"]?.items ?? []).add(to: &page)
        page.add(0, "QoS Class:\t\(status["qosClass"]?.string ?? "BestEffort")")
        page.add(0, "Node-Selectors:\t\(multiline(pairs(spec["nodeSelector"]).map { "\($0)=\($1)" }))")
        page.add(0, "Tolerations:\t\(multiline(tolerations))")
        if events == [] { page.add(0, "Events:\t<none>") }
        guard let events, !events.isEmpty else { return page.text }
        // The events' columns are their own.
        return page.text + EventDescriptions(events: events, source: source, now: now).text
    }

    private var metadata: JSONValue { pod["metadata"] ?? [:] }
    private var spec: JSONValue { pod["spec"] ?? [:] }
    private var status: JSONValue { pod["status"] ?? [:] }

    // MARK: Parts

    private func head(_ page: inout ElasticTabs) {
        page.add(0, "Name:\t\(metadata["name"]?.string ?? "")")
        page.add(0, "Namespace:\t\(metadata["namespace"]?.string ?? "")")
        if let priority = spec["priority"]?.int { page.add(0, "Priority:\t\(priority)") }
        if let name = spec["priorityClassName"]?.text { page.add(0, "Priority Class Name:\t\(name)") }
        if let name = spec["runtimeClassName"]?.text { page.add(0, "Runtime Class Name:\t\(name)") }
        if let name = spec["serviceAccountName"]?.text { page.add(0, "Service Account:\t\(name)") }
        let node = spec["nodeName"]?.text.map { "\($0)/\(status["hostIP"]?.string ?? "")" }
        page.add(0, "Node:\t\(node ?? "<none>")")
        if let start = time(status["startTime"]) { page.add(0, "Start Time:\t\(start)") }
        page.add(0, "Labels:\t\(multiline(pairs(metadata["labels"]).map { "\($0)=\($1)" }))")
        page.add(0, "Annotations:\t\(AnnotationLines(pairs(metadata["annotations"])).text)")
        phase(&page)
        if let reason = status["reason"]?.text { page.add(0, "Reason:\t\(reason)") }
        if let message = status["message"]?.text { page.add(0, "Message:\t\(message)") }
        page.add(0, "IP:\t\(status["podIP"]?.string ?? "")")
        let addresses = (status["podIPs"]?.items ?? []).compactMap { $0["ip"]?.string }
        page.add(0, addresses.isEmpty ? "IPs:\t<none>" : "IPs:")
        for address in addresses { page.add(1, "IP:\t\(address)") }
        if let owner = controller { page.add(0, "Controlled By:\t\(owner)") }
    }

    private func phase(_ page: inout ElasticTabs) {
        let phase = status["phase"]?.string ?? ""
        let isOver = ["Succeeded", "Failed"].contains(phase)
        guard !isOver, let deletion = metadata["deletionTimestamp"]?.string.flatMap(Timestamp.init(rfc3339:)) else {
            return page.add(0, "Status:\t\(phase)")
        }
        page.add(0, "Status:\tTerminating (lasts \(Age(now - deletion.time)))")
        page.add(0, "Termination Grace Period:\t\(metadata["deletionGracePeriodSeconds"]?.int ?? 0)s")
    }

    private var controller: String? {
        metadata["ownerReferences"]?.items.first { $0["controller"] == true }
            .map { "\($0["kind"]?.string ?? "")/\($0["name"]?.string ?? "")" }
    }

    private func describe(_ containers: [JSONValue], _ statuses: JSONValue?, _ page: inout ElasticTabs) {
        for container in containers {
            let status = statuses?.items.first { $0["name"] == container["name"] }
            ContainerDescription(container, status, of: pod).add(to: &page)
        }
    }

    private func conditions(_ page: inout ElasticTabs) {
        let conditions = status["conditions"]?.items ?? []
        if conditions.isEmpty { return }
        page.add(0, "Conditions:\n  Type\tStatus")
        for condition in conditions {
            page.add(1, "\(condition["type"]?.string ?? "") \t\(condition["status"]?.string ?? "") ")
        }
    }

    private var tolerations: [String] {
        let tolerations = (spec["tolerations"]?.items ?? []).sorted {
            ($0["key"]?.string ?? "") < ($1["key"]?.string ?? "")
        }
        return tolerations.map { toleration in
            let (key, value) = (toleration["key"]?.text ?? "", toleration["value"]?.text ?? "")
            let effect = toleration["effect"]?.text ?? ""
            var words = key + (value.isEmpty ? "" : "=\(value)") + (effect.isEmpty ? "" : ":\(effect)")
            if toleration["operator"] == "Exists", value.isEmpty { words += words.isEmpty ? "op=Exists" : " op=Exists" }
            if let seconds = toleration["tolerationSeconds"]?.int { words += " for \(seconds)s" }
            return words
        }
    }
}

/// One line each, the later ones below the first; `<none>` for none.
private func multiline(_ lines: [String]) -> String {
    lines.isEmpty ? "<none>" : lines.joined(separator: "\n\t")
}

/// The fields of an object of texts, by name.
private func pairs(_ object: JSONValue?) -> [(String, String)] {
    guard case .object(let fields)? = object else { return [] }
    return fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value.string ?? "") }
}
