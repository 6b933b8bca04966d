import Tables
import Testing

@Suite("get pods prints kubectl's columns")
struct PodTableTests {
    private let web = PodRow(
        namespace: "blue", name: "nginx-pod", ready: 1, containers: 1, status: "Running", restarts: 0,
        age: .seconds(73), address: "10.88.0.2", node: "node1")
    private let multi = PodRow(
        namespace: "default", name: "multipod", ready: 1, containers: 2, status: "CrashLoopBackOff", restarts: 2,
        lastRestart: .seconds(190), age: .seconds(9 * 3600))

    @Test("name, ready, status, restarts, age, three spaces apart")
    func plain() {
        #expect(
            PodTable(rows: [web]).text == """
                NAME        READY   STATUS    RESTARTS   AGE
                nginx-pod   1/1     Running   0          73s

                """)
    }

    @Test("-A puts the namespace first; a restart tells how long ago it was")
    func allNamespaces() {
        #expect(
            PodTable(rows: [web, multi], withNamespace: true).text == """
                NAMESPACE   NAME        READY   STATUS             RESTARTS        AGE
                blue        nginx-pod   1/1     Running            0               73s
                default     multipod    1/2     CrashLoopBackOff   2 (3m10s ago)   9h

                """)
    }

    @Test("wide adds address, node and two columns that are never filled")
    func wide() {
        #expect(
            PodTable(rows: [web, multi], isWide: true).text == """
                NAME        READY   STATUS             RESTARTS        AGE   IP          NODE     NOMINATED NODE   READINESS GATES
                nginx-pod   1/1     Running            0               73s   10.88.0.2   node1    <none>           <none>
                multipod    1/2     CrashLoopBackOff   2 (3m10s ago)   9h    <none>      <none>   <none>           <none>

                """)
    }

    @Test("an age that is not known says so")
    func unknownAge() {
        let row = PodRow(
            namespace: "blue", name: "a", ready: 0, containers: 1, status: "Pending", restarts: 0, age: nil)

        #expect(
            PodTable(rows: [row]).text == """
                NAME   READY   STATUS    RESTARTS   AGE
                a      0/1     Pending   0          <unknown>

                """)
    }

    @Test("nothing found names the namespace, if one was asked for")
    func nothing() {
        #expect(noResourcesFound(inNamespace: "blue") == "No resources found in blue namespace.")
        #expect(noResourcesFound(inNamespace: nil) == "No resources found")
    }
}
