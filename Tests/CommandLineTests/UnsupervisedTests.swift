import NodeRuntime
import PodModel
import Testing

@testable import reconcile_agent

@Suite("Whoever looks at Pods hears that nobody looks after them")
struct UnsupervisedTests {
    @Test(
        "since when, as far as it is known",
        arguments: [
            (
                LastHolder(process: 12, endedAt: .epoch),
                "no agent is running: Pods are unsupervised since 1970-01-01T00:00:00Z (3m ago)"
            ),
            (
                LastHolder(process: 12, endedAt: nil),
                "no agent is running: Pods are unsupervised since the agent with pid 12 died"
            ),
            (nil, "no agent is running: Pods are unsupervised"),
        ])
    func notice(lastAgent: LastHolder?, words: String) {
        #expect(Unsupervised(lastAgent: lastAgent).notice(now: .epoch + .seconds(180)) == words)
    }
}
