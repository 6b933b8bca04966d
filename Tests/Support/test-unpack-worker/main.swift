// The worker of the image store's tests: what `reconcile-agent worker unpack` is to the agent.
// With `import STORE ARCHIVE` it is a whole importer, which a test can kill.
import Glibc
import ImageStore
import Linux

let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "import" {
    let worker = WorkerCommand(executable: "/proc/self/exe", arguments: ["worker", "unpack"])
    _ = try await ImageStore(root: arguments[2], worker: worker).importArchive(arguments[3])
    exit(0)
}
exit(UnpackWorker.run())
