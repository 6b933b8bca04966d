import Manifests

/// A probe as `kubectl describe` prints it: `http-get http://:80/ delay=0s timeout=1s period=10s …`.
struct ProbeDescription {
    private let probe: JSONValue

    init(_ probe: JSONValue) { self.probe = probe }

    var text: String { "\(handler) \(attributes)" }

    private var attributes: String {
        "delay=\(number("initialDelaySeconds", 0))s timeout=\(number("timeoutSeconds", 1))s "
            + "period=\(number("periodSeconds", 10))s successThreshold=\(number("successThreshold", 1)) "
            + "failureThreshold=\(number("failureThreshold", 3))"
    }

    private var handler: String {
        if let exec = probe["exec"] {
            return "exec [\((exec["command"]?.items ?? []).compactMap(\.string).joined(separator: " "))]"
        }
        if let get = probe["httpGet"] {
            let scheme = (get["scheme"]?.text ?? "HTTP").lowercased()
            return "http-get \(scheme)://\(get["host"]?.string ?? ""):\(port(of: get))\(get["path"]?.string ?? "")"
        }
        if let socket = probe["tcpSocket"] { return "tcp-socket \(socket["host"]?.string ?? ""):\(port(of: socket))" }
        if let call = probe["grpc"] { return "grpc <pod>:\(port(of: call)) \(call["service"]?.string ?? "")" }
        return "unknown"
    }

    private func port(of handler: JSONValue) -> String {
        handler["port"]?.string ?? handler["port"]?.int.map { "\($0)" } ?? ""
    }

    private func number(_ field: String, _ implied: Int64) -> Int64 { probe[field]?.int ?? implied }
}
