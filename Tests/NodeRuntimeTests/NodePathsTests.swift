import NodeRuntime
import PodModel
import Testing

@Suite("Where a node keeps things")
struct NodePathsTests {
    private let paths = NodePaths(stateDirectory: "/s", runDirectory: "/r", logDirectory: "/l")
    private let uid = PodUID("0c0ffee0-0000-4000-8000-000000000001")

    @Test("a Pod's logs are where collectors look for them")
    func logs() {
        let pod = PodName(namespace: "blue", name: "web")

        #expect(paths.log(of: "main", attempt: 2, in: pod, uid) == "/l/blue_web_\(uid)/main/2.log")
    }

    @Test("a name too long for a file system is cut, and two Pods never share a directory", arguments: [1, 63])
    func longName(namespace: Int) {
        let namespace = String(repeating: "n", count: namespace)
        let pod = PodName(namespace: namespace, name: String(repeating: "a", count: 253))

        let name = paths.logs(of: pod, uid).dropFirst("/l/".count)

        #expect(name.utf8.count == 255)
        #expect(name.hasPrefix("\(namespace)_aaa"))
        #expect(name.hasSuffix("_\(uid)"))
        #expect(paths.logs(of: pod, uid) == paths.logs(of: pod, uid))
    }
}
