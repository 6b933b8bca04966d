import Foundation
import Testing

@Suite("Users of a Pod's own, and a group of its volumes, as pushed")
struct OwnUsersTests {
    private static func pod(_ fields: String) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: own}
        spec:
          terminationGracePeriodSeconds: 1
          \(fields)
          securityContext: {runAsUser: 1000, fsGroup: 4321}
          volumes:
            - {name: data, persistentVolumeClaim: {claimName: db}}
            - {name: key, secret: {secretName: key, defaultMode: 0400}}
          containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; echo hello; sleep 4001 & wait"]
              volumeMounts:
                - {name: data, mountPath: /data}
                - {name: key, mountPath: /key}
              livenessProbe: {exec: {command: [cat, /key/password]}, periodSeconds: 1}

        """
    }

    private static let key = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {password: hunter2}\n"

    @Test(
        "a Pod is somebody else on the node than in itself, uses its volumes, is probed, and is made anew when that changes",
        .enabled(if: isLinux(atLeast: 6, 3), "takes Linux 6.3"))
    func pushed() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(
                ["a/pod.yaml": Self.pod("hostUsers: false"), "a/key.yaml": Self.key], "Trust it less")
            try node.startAgent()
            let first = try await node.running("own")

            let look =
                "id -u; cat /proc/self/uid_map; cat /key/password; echo; echo x > /data/x && stat -c '%u:%g' /data/x"
            let inside = try await node.agent("exec", "own", "--", "sh", "-c", look).output
            let lines = inside.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
            try #require(lines.count == 4, "\(inside)")
            #expect(lines[0] == ["1000"] && lines[2] == ["hunter2"] && lines[3] == ["1000:4321"])
            #expect(lines[1].first == "0" && lines[1].last == "65536")
            #expect(Int(lines[1][1]).map { $0 > 0 && $0 % 65_536 == 0 } == true)
            #expect(try await node.agent("logs", "own").output == "hello\n")
            #expect(try await node.agent("get", "pod", "own", "-o", "yaml").output.contains("hostUsers: false"))

            try await node.repository.push(["a/pod.yaml": Self.pod("hostUsers: true")], "Trust it again")
            let second = try await node.running("own") { $0.uid != first.uid }
            #expect(second.uid != first.uid)
            let map = try await node.agent("exec", "own", "--", "sh", "-c", "cat /proc/self/uid_map /data/x").output
            #expect(map.split(whereSeparator: \.isWhitespace).prefix(3) == ["0", "0", "4294967295"])
            #expect(map.hasSuffix("x\n"), "what it wrote is there, and its own")

            try await node.repository.push(
                ["a/pod.yaml": Self.pod("hostUsers: false\n  hostPID: true")], "Trust it in halves")
            try await node.eventually("it is refused") {
                try await node.agent("history").output.contains("when `hostUsers` is false")
            }
            let third = try await node.running("own")
            #expect(third.uid == second.uid)
        }
    }
}

/// Whether this kernel is new enough.
private func isLinux(atLeast major: Int, _ minor: Int) -> Bool {
    let release = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
    let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (major, minor)
}
