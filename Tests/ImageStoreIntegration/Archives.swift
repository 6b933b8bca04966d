@testable import ImageStore

/// A docker archive with these layers; every part can be made to lie.
func dockerArchive(
    _ layers: [[UInt8]], tags: [String] = ["app:1"], diffIDs: [Digest]? = nil, architecture: String? = nil,
    configName: String? = nil, images: Int = 1
) -> [UInt8] {
    let names = (diffIDs ?? layers.map { Digest(of: $0) }).map { "\"\($0)\"" }.joined(separator: ",")
    let platform = Platform.current
    let config = """
        {"created":"2001-02-03T04:05:06.123456789Z","os":"\(platform.os)","architecture":"\(architecture ?? platform.architecture)",
         "config":{"Cmd":["/run"],"Entrypoint":null,"Env":["A=b"],"User":"7:8","WorkingDir":"/w","StopSignal":"SIGQUIT",
         "Labels":{"l":"v"}},"rootfs":{"type":"layers","diff_ids":[\(names)]}}
        """
    let configFile = configName ?? "\(Digest(of: Array(config.utf8)).hex).json"
    let tagList = tags.map { "\"\($0)\"" }.joined(separator: ",")
    let layerList = layers.indices.map { "\"layer\($0).tar\"" }.joined(separator: ",")
    let entry = "{\"Config\":\"\(configFile)\",\"RepoTags\":[\(tagList)],\"Layers\":[\(layerList)]}"
    let manifest = "[" + Array(repeating: entry, count: images).joined(separator: ",") + "]"
    return Tar.of { tar in
        tar.add("manifest.json", content: Array(manifest.utf8))
        tar.add(configFile, content: Array(config.utf8))
        for (index, layer) in layers.enumerated() { tar.add("layer\(index).tar", content: layer) }
    }
}
