import Manifests

/// A Pod's volumes in `kubectl describe pod`.
struct VolumeDescriptions {
    private let volumes: [JSONValue]

    init(_ volumes: [JSONValue]) { self.volumes = volumes }

    func add(to page: inout ElasticTabs) {
        page.add(0, volumes.isEmpty ? "Volumes:\t<none>" : "Volumes:")
        for volume in volumes {
            page.add(1, "\(volume["name"]?.string ?? ""):")
            let lines = lines(of: volume)
            for line in lines { page.add(2, line) }
            if lines.isEmpty { page.add(1, "<unknown>") }
        }
    }

    private func lines(of volume: JSONValue) -> [String] {
        if let path = volume["hostPath"] {
            return [
                "Type:\tHostPath (bare host directory volume)", "Path:\t\(path["path"]?.string ?? "")",
                "HostPathType:\t\(path["type"]?.string ?? "")",
            ]
        }
        if let directory = volume["emptyDir"] {
            return [
                "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
                "Medium:\t\(directory["medium"]?.string ?? "")",
                "SizeLimit:\t\(directory["sizeLimit"]?.string ?? "<unset>")",
            ]
        }
        if let secret = volume["secret"] {
            return [
                "Type:\tSecret (a volume populated by a Secret)", "SecretName:\t\(secret["secretName"]?.string ?? "")",
                "Optional:\t\(secret["optional"] == true)",
            ]
        }
        if let map = volume["configMap"] {
            return [
                "Type:\tConfigMap (a volume populated by a ConfigMap)", "Name:\t\(map["name"]?.string ?? "")",
                "Optional:\t\(map["optional"] == true)",
            ]
        }
        return []
    }
}
