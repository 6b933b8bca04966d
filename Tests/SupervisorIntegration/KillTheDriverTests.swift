import Foundation
import Glibc
import Linux
import NodeRuntime
import PodFixture
import SupervisorCore
import Testing

@Suite("An agent that dies at any instant", .ownThreads)
struct KillTheDriverTests {
    /// How often the driver is killed, and how many containers live meanwhile.
    private static let kills = 200
    private static let containers = 90

    @Test("killed 200 times while containers start, print, exec, exit and stop: nothing lost, doubled or orphaned")
    func killTwoHundredTimes() async throws {
        let pod = try PodFixture()
        defer { pod.clean() }
        var generator = SystemRandomNumberGenerator()
        var killed = 0
        while killed < Self.kills {
            let driver = try start(pod)
            try await Task.sleep(for: .milliseconds(Int.random(in: 5...80, using: &generator)))
            driver.killGroup()
            try driver.reap()
            killed += 1
        }
        let last = try start(pod)
        #expect(try last.reap() == .exited(0))

        for number in 0..<Self.containers {
            let log = pod.log("c\(number)").filter { $0 != "inside" }
            let code = try Int(String(contentsOfFile: "\(pod.base)/exit-\(number)", encoding: .utf8))
            let whole = ["begin"] + (1...40).map { "line \($0)" } + ["end"]
            if code == number % 9 {
                #expect(log == whole, "container \(number) ran once and lost nothing")
            } else {
                // A stop that meets the birth that an earlier driver began ends what has not started.
                let isStopped = code == 137 || code == 128 && log.isEmpty
                #expect(number % 5 == 4 && isStopped, "container \(number) ended with \(code ?? -1)")
                #expect(log == Array(whole.prefix(log.count)), "container \(number) ran once")
            }
        }
        let supervisor = try await pod.connect()
        #expect(supervisor.state.count { $0.kind != 1 } == 0, "no exit is left unacknowledged")
        let running = pod.processes("/pod")
        #expect(running.count == 1, "only pause still runs")
        #expect(pod.processes("/supervisors").count == 2, "one supervisor with its logger")
        try await supervisor.shutDown()
        #expect(pod.processes("/pod").isEmpty)
    }

    private func start(_ pod: PodFixture) throws -> ChildProcess {
        try spawn(
            executable: PodFixture.product("test-driver"), arguments: [pod.uid, String(Self.containers)],
            environment: ProcessInfo.processInfo.environment)
    }
}
