import Manifests
import PodModel

@testable import Reconciler

/// A repository that is changed by chance, and knows what its author meant even where nobody can read it.
struct RandomRepository {
    /// One file: what its author means it to define, and whether it can be read.
    struct File: Hashable {
        var pods: [Pod]
        /// Not 0: a mistake, another one for each number.
        var mistake = 0
    }

    private(set) var files: [String: File] = [:]
    private var past: [[String: File]] = []
    private var serial = 0

    /// Every Pod that its author means to have, mistakes or not.
    var meant: Set<PodName> { Set(files.values.flatMap(\.pods).map { PodName($0) }) }

    /// Whether every file can be read, and no Pod is defined twice.
    var isSound: Bool {
        files.values.allSatisfy { $0.mistake == 0 } && files.values.map(\.pods.count).reduce(0, +) == meant.count
    }

    /// What a node reads.
    var loaded: LoadedManifests {
        let sorted = files.sorted { $0.key < $1.key }
        return LoadedManifests(
            pods: sorted.filter { $0.value.mistake == 0 }
                .flatMap { path, file in file.pods.map { LoadedPod.make($0, file: path) } },
            diagnostics: sorted.filter { $0.value.mistake != 0 }
                .map { Diagnostic(.error, at: SourcePosition(file: $0.key, line: 1, column: 1), "a mistake") })
    }

    /// A few changes, as people make them.
    mutating func change(_ dice: inout Dice) {
        past.append(files)
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            switch Int.random(in: 0..<10, using: &dice) {
            case 0...2: add(&dice)
            case 3, 4: edit(&dice)
            case 5: move(&dice)
            case 6: rename(&dice)
            case 7: if let path = anyFile(&dice) { toggleMistake(path) }
            case 8: if let path = anyFile(&dice) { files[path] = nil }
            default:
                if dice.happens(0.3), let earlier = past.randomElement(using: &dice) {
                    files = earlier
                } else if let path = anyFile(&dice), dice.happens(0.3) {
                    files["copies/\(path.replacing("/", with: "-"))"] = files[path]
                } else {
                    for path in files.keys.sorted() where dice.happens(0.7) { files[path]?.mistake = 0 }
                }
            }
        }
    }

    private func anyFile(_ dice: inout Dice) -> String? { files.keys.sorted().randomElement(using: &dice) }

    private mutating func add(_ dice: inout Dice) {
        let name = "pod-\(Int.random(in: 0..<7, using: &dice))"
        if meant.contains(PodName(namespace: "default", name: name)) { return }
        let application = ["web", "db", "ops"].randomElement(using: &dice) ?? "web"
        files["\(application)/\(name).yaml"] = File(pods: [Self.pod(name, &dice)])
    }

    private static func pod(_ name: String, _ dice: inout Dice) -> Pod {
        let policy = [RestartPolicy.always, .always, .onFailure, .never].randomElement(using: &dice) ?? .always
        var pod = Pod.make(
            name, dice.happens(0.5) ? ["web"] : ["web", "side"],
            image: "nginx:\(Int.random(in: 1...3, using: &dice))", policy: policy)
        if dice.happens(0.3) { pod.spec.terminationGracePeriodSeconds = 5 }
        return pod
    }

    private mutating func edit(_ dice: inout Dice) {
        guard let path = anyFile(&dice), var pod = files[path]?.pods.first else { return }
        let last = pod.spec.containers.count - 1
        serial += 1
        switch Int.random(in: 0..<5, using: &dice) {
        case 0: pod.metadata.labels["change"] = "\(serial)"
        case 1: pod.spec.containers[last].image = "nginx:1.\(serial)"
        case 2: pod.spec.containers[0].env = [EnvVar(name: "CHANGE", value: "\(serial)")]
        case 3:
            pod.spec.containers[0].resources = ResourceRequirements(limits: ResourceList(cpu: MilliCPU(serial + 1)))
        default: pod.spec.terminationGracePeriodSeconds = serial % 20
        }
        files[path]?.pods[0] = pod
    }

    private mutating func move(_ dice: inout Dice) {
        guard let path = anyFile(&dice), let file = files.removeValue(forKey: path) else { return }
        serial += 1
        let target =
            "\(["web", "db", "ops", "new-\(serial)"].randomElement(using: &dice) ?? "web")/moved-\(serial).yaml"
        files[target] = file
        if dice.happens(0.4) { toggleMistake(target) }
    }

    private mutating func rename(_ dice: inout Dice) {
        guard let path = anyFile(&dice), let directory = path.split(separator: "/").first else { return }
        serial += 1
        for path in files.keys.sorted() where path.hasPrefix("\(directory)/") {
            let file = files.removeValue(forKey: path)
            files["renamed-\(serial)/\(path.dropFirst(directory.count + 1))"] = file
        }
        if dice.happens(0.5), let path = anyFile(&dice) { toggleMistake(path) }
    }

    private mutating func toggleMistake(_ path: String) {
        serial += 1
        let isSound = files[path]?.mistake == 0
        files[path]?.mistake = isSound ? serial : 0
    }
}
