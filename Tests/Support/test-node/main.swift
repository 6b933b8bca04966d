// A node for tests: the runtime without a command line and without a loop, in whatever network namespace it is started.
import Glibc
import ImageStore
import NodeFixture

if CommandLine.arguments.dropFirst().first == "worker" { exit(UnpackWorker.run()) }
exit(await NodeServer.run(Array(CommandLine.arguments.dropFirst())))
