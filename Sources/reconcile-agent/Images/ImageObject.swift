import ImageStore
import Manifests

/// An image as `docker image inspect` shows it.
enum ImageObject {
    static func json(_ inspection: ImageInspection) -> JSONValue {
        let image = inspection.image
        let digests = inspection.manifest.map { manifest in
            Set(inspection.names.map { "\($0.registry)/\($0.repository)@\(manifest)" }).sorted()
        }
        return [
            "Id": .string(image.imageID.description),
            "RepoTags": texts(inspection.names.filter { $0.tag != nil }.map(\.familiar)),
            "RepoDigests": texts(digests ?? []),
            "Created": .string(inspection.created ?? ""),
            "Architecture": .string(inspection.architecture),
            "Os": .string(inspection.os),
            "Size": .int(image.size),
            "Config": config(image.config),
            "RootFS": ["Type": "layers", "Layers": texts(inspection.diffIDs.map(\.description))],
        ]
    }

    private static func config(_ config: ImageConfig) -> JSONValue {
        var fields: [String: JSONValue] = [
            "Entrypoint": texts(config.entrypoint), "Cmd": texts(config.cmd), "Env": texts(config.env),
            "User": .string(config.user), "WorkingDir": .string(config.workingDir),
            "Labels": .object(config.labels.mapValues(JSONValue.string)),
        ]
        fields["StopSignal"] = config.stopSignal.map(JSONValue.string)
        return .object(fields)
    }

    private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
