// The worker of the image store's tests: what `reconcile-agent worker unpack` is to the agent.
// With `import STORE ARCHIVE`, `pull STORE NAME`, `remove STORE NAME` or `list STORE` it is a whole user of a store, which a test can kill.
import Glibc
import ImageStore
import Linux

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count > 1, arguments[0] != "worker" else { exit(UnpackWorker.run()) }
let store = ImageStore(
    root: arguments[1], worker: WorkerCommand(executable: "/proc/self/exe", arguments: ["worker", "unpack"]))
do {
    switch arguments[0] {
    case "import": _ = try await store.importArchive(arguments[2])
    case "pull": _ = try await store.pull(ImageReference(parsing: arguments[2]), from: RegistryClient())
    case "remove": _ = try await store.remove(ImageReference(parsing: arguments[2]), keeping: [])
    default: for image in try store.images() { print(image.reference.familiar) }
    }
} catch {
    try Descriptor(owning: STDERR_FILENO).writeAll(Array("\(error)\n".utf8))
    exit(1)
}
