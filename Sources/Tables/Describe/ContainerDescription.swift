import Manifests

/// One container in `kubectl describe pod`.
struct ContainerDescription {
    private let container: JSONValue
    /// Nil as long as nothing is known of it.
    private let status: JSONValue?
    private let pod: JSONValue

    init(_ container: JSONValue, _ status: JSONValue?, of pod: JSONValue) {
        self.container = container
        self.status = status
        self.pod = pod
    }

    func add(to page: inout ElasticTabs) {
        page.add(1, "\(container["name"]?.string ?? ""):")
        identity(&page)
        words("Command", container["command"], &page)
        words("Args", container["args"], &page)
        if let status { state(status, &page) }
        resources("Limits", container["resources"]?["limits"], &page)
        resources("Requests", container["resources"]?["requests"], &page)
        for (label, field) in [
            ("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe"),
        ] {
            if let probe = container[field] { page.add(2, "\(label):\t\(ProbeDescription(probe).text)") }
        }
        EnvironmentDescription(container, of: pod).add(to: &page)
        mounts(&page)
    }

    private func identity(_ page: inout ElasticTabs) {
        if let status { page.add(2, "Container ID:\t\(status["containerID"]?.string ?? "")") }
        page.add(2, "Image:\t\(container["image"]?.string ?? "")")
        if let status { page.add(2, "Image ID:\t\(status["imageID"]?.string ?? "")") }
        let ports = container["ports"]?.items ?? []
        list("Port", ports.map { port("containerPort", of: $0) }, &page)
        list("Host Port", ports.map { port("hostPort", of: $0) }, &page)
    }

    private func port(_ field: String, of port: JSONValue) -> String {
        let number = "\(port[field]?.int ?? 0)/\(port["protocol"]?.string ?? "TCP")"
        return port["name"]?.text.map { "\(number) (\($0))" } ?? number
    }

    private func list(_ label: String, _ items: [String], _ page: inout ElasticTabs) {
        let text = items.joined(separator: ", ")
        page.add(2, items.count > 1 ? "\(label)s:\t\(text)" : "\(label):\t\(items.isEmpty ? "<none>" : text)")
    }

    private func words(_ label: String, _ words: JSONValue?, _ page: inout ElasticTabs) {
        guard let words = words?.items, !words.isEmpty else { return }
        page.add(2, "\(label):")
        for word in words { page.add(3, word.string ?? "") }
    }

    private func state(_ status: JSONValue, _ page: inout ElasticTabs) {
        state("State", status["state"] ?? [:], &page)
        if let last = status["lastState"], last["terminated"] != nil { state("Last State", last, &page) }
        page.add(2, "Ready:\t\(status["ready"] == true ? "True" : "False")")
        page.add(2, "Restart Count:\t\(status["restartCount"]?.int ?? 0)")
    }

    private func state(_ label: String, _ state: JSONValue, _ page: inout ElasticTabs) {
        if let running = state["running"] {
            page.add(2, "\(label):\tRunning")
            page.add(3, "Started:\t\(time(running["startedAt"]) ?? "")")
        } else if let ended = state["terminated"] {
            page.add(2, "\(label):\tTerminated")
            if let reason = ended["reason"]?.text { page.add(3, "Reason:\t\(reason)") }
            if let message = ended["message"]?.text { page.add(3, "Message:\t\(message)") }
            page.add(3, "Exit Code:\t\(ended["exitCode"]?.int ?? 0)")
            if let signal = ended["signal"]?.int, signal > 0 { page.add(3, "Signal:\t\(signal)") }
            page.add(3, "Started:\t\(time(ended["startedAt"]) ?? "")")
            page.add(3, "Finished:\t\(time(ended["finishedAt"]) ?? "")")
        } else {
            page.add(2, "\(label):\tWaiting")
            if let reason = state["waiting"]?["reason"]?.text { page.add(3, "Reason:\t\(reason)") }
        }
    }

    private func resources(_ label: String, _ list: JSONValue?, _ page: inout ElasticTabs) {
        guard case .object(let quantities)? = list, !quantities.isEmpty else { return }
        page.add(2, "\(label):")
        for (name, quantity) in quantities.sorted(by: { $0.key < $1.key }) {
            page.add(3, "\(name):\t\(quantity.string ?? quantity.int.map { "\($0)" } ?? "")")
        }
    }

    private func mounts(_ page: inout ElasticTabs) {
        let mounts = (container["volumeMounts"]?.items ?? []).sorted {
            ($0["mountPath"]?.string ?? "") < ($1["mountPath"]?.string ?? "")
        }
        page.add(2, mounts.isEmpty ? "Mounts:\t<none>" : "Mounts:")
        for mount in mounts {
            let path = mount["subPath"]?.text.map { ",path=\"\($0)\"" } ?? ""
            let flags = (mount["readOnly"] == true ? "ro" : "rw") + path
            page.add(3, "\(mount["mountPath"]?.string ?? "") from \(mount["name"]?.string ?? "") (\(flags))")
        }
    }
}

/// A time of the object in words; nil where it has none.
func time(_ value: JSONValue?) -> String? {
    value?.string.map { text in Timestamp(rfc3339: text)?.description ?? text }
}

extension JSONValue {
    /// The items, if this is a list; else none.
    var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

    /// The text, if this is text and not empty.
    var text: String? { string.flatMap { $0.isEmpty ? nil : $0 } }
}
