import Foundation
import Journal
import Logging
import PodModel

// Writes to the journal named on the command line until it is killed, and says after each flush how many lines it has
// handed over so far: those must be there afterwards.

// Segments are closed on the way, but none is dropped, however quick the machine is.
let journal = Journal(
    path: CommandLine.arguments[1], now: WallTime(nanoseconds: 0), retention: Retention(bytes: 128 << 20),
    log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
let first = Int64(CommandLine.arguments[2]) ?? 0
let pod = PodName(namespace: "default", name: "web")
var number = first
while true {
    for _ in 0..<Int.random(in: 1...40) {
        let at = WallTime(nanoseconds: number)
        let id = journal.intend(
            ActionIntent(
                revision: RevisionID("r"), pod: pod, uid: PodUID("\(number)"), action: .createSandbox(attempt: 0),
                at: at))
        journal.conclude(id, .done(ActionDetail("done")), after: .milliseconds(1))
        journal.record(
            PodEvent(
                pod: pod, uid: PodUID("u"), container: nil, type: .normal, reason: "Tick", message: "Tick", at: at))
        number += 1
    }
    await journal.flush()
    guard journal.trouble == nil else {
        print(journal.trouble ?? "")
        exit(1)
    }
    FileHandle.standardOutput.write(Data("\(number - first)\n".utf8))
}
