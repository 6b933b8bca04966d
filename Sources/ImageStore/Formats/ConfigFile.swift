/// The image configuration's JSON, as docker and OCI both write it (OCI image-spec, config.md).
struct ConfigFile: Decodable {
    let os: String?
    let architecture: String?
    let created: String?
    let config: Config?
    let rootfs: RootFS

    struct Config: Decodable {
        let entrypoint: [String]?
        let cmd: [String]?
        let env: [String]?
        let user: String?
        let workingDir: String?
        let stopSignal: String?
        let labels: [String: String]?

        enum CodingKeys: String, CodingKey {
            case entrypoint = "Entrypoint"
            case cmd = "Cmd"
            case env = "Env"
            case user = "User"
            case workingDir = "WorkingDir"
            case stopSignal = "StopSignal"
            case labels = "Labels"
        }
    }

    struct RootFS: Decodable {
        let diffIDs: [Digest]

        enum CodingKeys: String, CodingKey { case diffIDs = "diff_ids" }
    }

    /// The part that containers are made from.
    var imageConfig: ImageConfig {
        ImageConfig(
            entrypoint: config?.entrypoint ?? [], cmd: config?.cmd ?? [], env: config?.env ?? [],
            user: config?.user ?? "", workingDir: config?.workingDir ?? "",
            stopSignal: config?.stopSignal.flatMap { $0.isEmpty ? nil : $0 }, labels: config?.labels ?? [:])
    }

    /// What it was made for; nil when it does not say.
    var platform: Platform? {
        guard let os, let architecture, !os.isEmpty, !architecture.isEmpty else { return nil }
        return Platform(os: os, architecture: architecture)
    }
}
