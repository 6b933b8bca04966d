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
        if let claim = volume["persistentVolumeClaim"] {
            return [
                "Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
                "ClaimName:\t\(claim["claimName"]?.string ?? "")", "ReadOnly:\t\(claim["readOnly"] == true)",
            ]
        }
        if let image = volume["image"] {
            return [
                "Type:\tImage (a container image or OCI artifact)", "Reference:\t\(image["reference"]?.string ?? "")",
                "PullPolicy:\t\(image["pullPolicy"]?.string ?? "")",
            ]
        }
        if let downward = volume["downwardAPI"] {
            return ["Type:\tDownwardAPI (a volume populated by information about the pod)", "Items:"]
                + (downward["items"]?.items ?? []).map { item in
                    let source = item["fieldRef"]?["fieldPath"] ?? item["resourceFieldRef"]?["resource"]
                    return "  \(source?.string ?? "") -> \(item["path"]?.string ?? "")"
                }
        }
        if let projected = volume["projected"] {
            return ["Type:\tProjected (a volume that contains injected data from multiple sources)"]
                + (projected["sources"]?.items ?? []).flatMap(lines(ofSource:))
        }
        return []
    }

    private func lines(ofSource source: JSONValue) -> [String] {
        if let secret = source["secret"] {
            return [
                "SecretName:\t\(secret["name"]?.string ?? "")", "Optional:\t\(secret["optional"] == true)",
            ]
        }
        if let map = source["configMap"] {
            return ["ConfigMapName:\t\(map["name"]?.string ?? "")", "Optional:\t\(map["optional"] == true)"]
        }
        return source["downwardAPI"] == nil ? [] : ["DownwardAPI:\ttrue"]
    }
}
