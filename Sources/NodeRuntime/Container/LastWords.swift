import Manifests
import PodModel

/// What containers left to say at their ends.
///
/// Read before anybody is shown an end (kubelet: a status that says `terminated` has the message), not only when the end
/// is written down a moment later.
struct LastWords: Sendable {
    let paths: NodePaths

    /// The same Pod, with what those said whose ends are seen and not written down yet. What cannot be read is not said:
    /// whoever writes the end down tells of that. Blocks.
    func added(to pod: ObservedPod) -> ObservedPod {
        var containers = pod.containers
        for (name, exit) in pod.unwrittenEnds {
            containers[name] = .exited((try? adding(to: exit, of: name, in: pod.record)) ?? exit)
        }
        return ObservedPod(
            record: pod.record, sandbox: pod.sandbox, containers: containers, imagesToPull: pod.imagesToPull,
            movedImages: pod.movedImages)
    }

    /// An end with what its container left to say; the same when it said nothing, and for any instance but the newest.
    /// Blocks.
    func adding(to exit: ContainerExit, of name: String, in record: PodRecord) throws -> ContainerExit {
        guard exit.message == nil, let newest = record.containers[name], newest.id == exit.id,
            let container = record.accepted.pod.spec.container(name)
        else { return exit }
        let file = "\(paths.layers(of: name, in: record.uid))/\(newest.attempt)/\(AttemptFiles.terminationLogName)"
        let log = paths.log(of: name, attempt: newest.attempt, in: record.accepted.name, record.uid)
        let said = try TerminationMessage(container, in: record.accepted.pod.spec)
            .read(from: file, orLog: log, code: exit.code)
        return said.map(exit.saying) ?? exit
    }
}

extension ObservedPod {
    /// By container: the ends that are seen and not written into the record.
    var unwrittenEnds: [String: ContainerExit] {
        containers.reduce(into: [:]) { ends, entry in
            guard case .exited(let exit) = entry.value, record.containers[entry.key]?.lastExit?.id != exit.id else {
                return
            }
            ends[entry.key] = exit
        }
    }

    /// Whether the record says that an instance lives and its supervisor knows nothing of it: its end may have been
    /// written down and forgotten there between the two looks.
    var mayBeOfTwoMoments: Bool {
        record.containers.contains { name, container in
            container.id != nil && container.startedAt != nil && container.lastExit == nil && containers[name] == nil
        }
    }
}
