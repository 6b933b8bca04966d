import Manifests

/// The files of a volume that is made of other objects or of what its Pod is.
public struct VolumeContents: Hashable, Sendable {
    /// By path, each once.
    public let files: [VolumeFile]

    /// Looks everything up.
    ///
    /// - Parameter resource: what a container may use, in words.
    /// - Returns: nil for a volume of another kind.
    /// - Throws: the first source that is missing and not optional.
    public init?(
        of volume: Volume, in pod: Pod, _ uid: PodUID, from objects: ConfigurationObjects,
        resource: @escaping (ResourceFieldSelector) -> String
    ) throws(MissingSource) {
        var collection = Collection(pod: pod, uid: uid, objects: objects, resource: resource)
        if let map = volume.configMap {
            try collection.add(map, .configMap, mode: map.defaultMode)
        } else if let secret = volume.secret {
            try collection.add(secret, .secret, mode: secret.defaultMode)
        } else if let downward = volume.downwardAPI {
            collection.add(downward, mode: downward.defaultMode)
        } else if let projected = volume.projected {
            for source in projected.sources {
                if let map = source.configMap { try collection.add(map, .configMap, mode: projected.defaultMode) }
                if let secret = source.secret { try collection.add(secret, .secret, mode: projected.defaultMode) }
                if let downward = source.downwardAPI { collection.add(downward, mode: projected.defaultMode) }
            }
        } else {
            return nil
        }
        files = collection.files.values.sorted { $0.path < $1.path }
    }
}

/// One file of such a volume.
public struct VolumeFile: Hashable, Sendable {
    /// Relative to the volume.
    public let path: String
    /// What it holds.
    public let bytes: [UInt8]
    /// Permission bits.
    public let mode: Int
}

extension Volume {
    /// Whether its files may be a Secret's: then they are kept in memory only.
    public var holdsSecrets: Bool { secret != nil || (projected?.sources.contains { $0.secret != nil } ?? false) }

    /// Whether it is made of other objects, or of what its Pod is.
    public var isOfFiles: Bool { configMap != nil || secret != nil || downwardAPI != nil || projected != nil }
}

/// Files, as source after source is added; of two at one path the later one wins (kubelet).
private struct Collection {
    let pod: Pod
    let uid: PodUID
    let objects: ConfigurationObjects
    let resource: (ResourceFieldSelector) -> String
    var files: [String: VolumeFile] = [:]

    mutating func add(_ volume: ObjectVolume, _ kind: ObjectKind, mode: Int) throws(MissingSource) {
        let name = ObjectName(kind, namespace: pod.metadata.namespace, name: volume.name)
        guard let values = objects.values(of: name) else {
            if volume.optional == true { return }
            throw .object(name)
        }
        let items = volume.items.isEmpty ? values.keys.map { KeyToPath(key: $0, path: $0) } : volume.items
        for item in items {
            guard let bytes = values[item.key] else {
                if volume.optional == true { continue }
                throw .item(item.key, of: name)
            }
            put(item.path, bytes, item.mode ?? mode)
        }
    }

    mutating func add(_ volume: DownwardAPIVolume, mode: Int) {
        for item in volume.items {
            let text = item.fieldRef.map(text) ?? item.resourceFieldRef.map(resource) ?? ""
            put(item.path, Array(text.utf8), item.mode ?? mode)
        }
    }

    private mutating func put(_ path: String, _ bytes: [UInt8], _ mode: Int) {
        // "a//b" and "./a" are the same file as "a/b" and "a".
        let parts = path.split(separator: "/").filter { $0 != "." }
        if parts.isEmpty { return }
        let plain = parts.joined(separator: "/")
        files[plain] = VolumeFile(path: plain, bytes: bytes, mode: mode)
    }

    /// A field as a file shows it (kubelet: `fieldpath.ExtractFieldPathAsString`).
    private func text(_ field: ObjectFieldSelector) -> String {
        let (path, key) = field.parts
        switch path {
        case "metadata.name": return pod.metadata.name
        case "metadata.namespace": return pod.metadata.namespace
        case "metadata.uid": return uid.text
        case "metadata.labels": return key.map { pod.metadata.labels[$0] ?? "" } ?? lines(pod.metadata.labels)
        case "metadata.annotations":
            return key.map { pod.metadata.annotations[$0] ?? "" } ?? lines(pod.metadata.annotations)
        default: return ""
        }
    }

    /// `key="value"` lines in the order of keys, values as Go quotes them.
    private func lines(_ words: [String: String]) -> String {
        words.sorted { $0.key < $1.key }.map { "\($0)=\(JSONValue.string($1).canonical)" }.joined(separator: "\n")
    }
}

extension ConfigurationObjects {
    /// Every value of an object; nil when there is no such object.
    fileprivate func values(of name: ObjectName) -> [String: [UInt8]]? {
        if name.kind == .configMap {
            return configMap(name.name, in: name.namespace).map { map in
                map.data.mapValues { Array($0.utf8) }.merging(map.binaryData) { first, _ in first }
            }
        }
        return secret(name.name, in: name.namespace)?.data.mapValues(\.bytes)
    }
}
