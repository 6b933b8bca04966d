import Foundation
import Linux
import PodModel
import Testing

@testable import NodeRuntime

@Suite("Flat links to logs")
struct LogLinksTests {
    private let pod = PodName(namespace: "blue", name: "web")
    private let uid = PodUID("u")
    private let id = ContainerID(String(repeating: "a", count: 64))

    private func withLogs(_ body: (NodePaths, LogLinks) throws -> Void) throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "links-\(UUID())").path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: base) }
        let paths = NodePaths(
            stateDirectory: "\(base)/state", runDirectory: "\(base)/run", logDirectory: "\(base)/pods")
        try FileManager.default.createDirectory(
            atPath: "\(paths.logs(of: pod, uid))/main", withIntermediateDirectories: true)
        for attempt in 0..<2 {
            try Data("line".utf8).write(
                to: URL(fileURLWithPath: paths.log(of: "main", attempt: attempt, in: pod, uid)))
        }
        try body(paths, LogLinks(paths: paths))
    }

    @Test("each instance's log has a flat link, cut as the kubelet's; only ours go, once they lead nowhere")
    func links() throws {
        try withLogs { paths, links in
            let directory = try #require(paths.logLinks)
            #expect(directory.hasSuffix("/containers"))
            let other = ContainerID(String(repeating: "b", count: 64))
            for _ in 0..<2 {
                try links.make(id, of: "main", attempt: 0, in: pod, uid)
                try links.make(other, of: "main", attempt: 1, in: pod, uid)
            }
            let link = "\(directory)/web_blue_main-\(id).log"
            #expect(try String(contentsOfFile: link, encoding: .utf8) == "line")
            for (name, target) in [
                ("foreign.log", "/nonexistent/log"), ("web_blue_main-x.log", "\(paths.logDirectory)s/f"),
            ] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(directory)/\(name)", withDestinationPath: target)
            }
            try Data().write(to: URL(fileURLWithPath: "\(directory)/web_blue_main-file.log"))
            #expect(throws: SystemError.self) {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(directory)/\(LogLinks.name(of: ContainerID("c"), "main", in: pod))",
                    withDestinationPath: "/elsewhere")
                try links.make(ContainerID("c"), of: "main", attempt: 1, in: pod, uid)
            }

            try removeTree(paths.log(of: "main", attempt: 0, in: pod, uid))
            try links.removeDead(of: "other", in: pod)
            #expect(try names(in: directory).contains("web_blue_main-\(id).log"))
            try links.removeDead(of: "main", in: pod)

            #expect(
                try names(in: directory).sorted() == [
                    "foreign.log", "web_blue_main-\(other).log", "web_blue_main-c.log", "web_blue_main-file.log",
                    "web_blue_main-x.log",
                ])
        }
    }

    @Test("a name that is too long for a file system is cut, and its link is the newest instance's")
    func long() throws {
        try withLogs { paths, links in
            let pod = PodName(namespace: String(repeating: "n", count: 63), name: String(repeating: "p", count: 253))
            let name = LogLinks.name(of: id, "main", in: pod)
            #expect(name.utf8.count == 255 && name.hasSuffix(".log") && name.hasPrefix("ppp"))
            for attempt in 0..<2 {
                let log = paths.log(of: "main", attempt: attempt, in: pod, uid)
                try FileManager.default.createDirectory(
                    atPath: "\(paths.logs(of: pod, uid))/main", withIntermediateDirectories: true)
                try Data("\(attempt)".utf8).write(to: URL(fileURLWithPath: log))
                try links.make(id, of: "main", attempt: attempt, in: pod, uid)
            }
            let link = "\(try #require(paths.logLinks))/\(name)"
            #expect(try String(contentsOfFile: link, encoding: .utf8) == "1")
        }
    }

    @Test("logs in a directory that is called as the links' has none")
    func none() {
        #expect(
            NodePaths(stateDirectory: "/s", runDirectory: "/r", logDirectory: "/var/log/containers").logLinks == nil)
        #expect(
            NodePaths(stateDirectory: "/s", runDirectory: "/r", logDirectory: "/var/log/pods").logLinks
                == "/var/log/containers")
    }
}
