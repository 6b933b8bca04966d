// Stands in for reconcile-agent where a test needs a worker process.
import GitSource
import Glibc
import Linux

switch Array(CommandLine.arguments.dropFirst()) {
case ["worker", "git"]:
    exit(GitWorker.run())
case ["wait"]:
    dieWithParent()
    print("ready")
    fflush(nil)
    while true { pause() }
case let arguments:
    print("test-workers: no worker \(arguments)")
    exit(2)
}
