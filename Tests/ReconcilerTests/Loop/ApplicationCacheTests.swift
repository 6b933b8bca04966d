import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("Applications are put together once, as long as their files stay what they are")
struct ApplicationCacheTests {
    private func file(_ path: String, pod name: String, node: String? = nil, id: UInt8? = nil) -> ManifestFile {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name)}
            spec: {\(node.map { "nodeName: \($0), " } ?? "")containers: [{name: web, image: "nginx:1.14"}]}
            """
        return ManifestFile(
            path: path, contents: Array(text.utf8), contentID: id.flatMap { ContentID(Array(repeating: $0, count: 20)) }
        )
    }

    private func cache() -> ApplicationCache { ApplicationCache(node: NodeProfile(name: "here")) }

    private func names(_ applications: [ApplicationName: LoadedApplication], _ name: String) -> [String]? {
        applications[ApplicationName(name)]?.pods.map(\.pod.metadata.name)
    }

    @Test("a revision that changes one application gives the same as one that is read anew")
    func changes() {
        var cache = cache()
        let (old, other) = (file("web/a.yaml", pod: "a", id: 1), file("shop/b.yaml", pod: "b", id: 2))
        let new = file("web/a.yaml", pod: "c", id: 3)
        _ = cache.load([other, old])

        let applications = cache.load([other, new])

        #expect(names(applications, "web") == ["c"])
        #expect(names(applications, "shop") == ["b"])
        var fresh = self.cache()
        #expect(applications == fresh.load([other, new]))
    }

    @Test("what does not change is not read again, and what is gone is not there")
    func unchanged() {
        var cache = cache()
        let kept = file("web/a.yaml", pod: "a")
        _ = cache.load([kept, file("shop/b.yaml", pod: "b")])

        let applications = cache.load([kept])

        #expect(Set(applications.keys) == [ApplicationName("web")])
        #expect(names(applications, "web") == ["a"])
    }

    @Test("a file that moves to another application is known there by its contents")
    func moved() {
        var cache = cache()
        _ = cache.load([file("web/a.yaml", pod: "a", id: 1)])

        // The same id under other contents: whoever reads them sees it.
        let applications = cache.load([file("shop/a.yaml", pod: "unread", id: 1)])

        #expect(names(applications, "shop") == ["a"])
        #expect(applications[ApplicationName("shop")]?.pods.first?.position.file == "shop/a.yaml")
    }

    @Test("Pods for other nodes are defined, and left out")
    func otherNodes() {
        var cache = cache()

        let web = cache.load([
            file("web/a.yaml", pod: "a", node: "there"), file("web/b.yaml", pod: "b", node: "here"),
        ])[ApplicationName("web")]

        #expect(web?.pods.map(\.pod.metadata.name) == ["b"])
        #expect(web?.defined.map(\.name).sorted() == ["a", "b"])
    }

    @Test("files that say nothing make up no application, and those at the top make up their own")
    func quiet() {
        var cache = cache()

        let applications = cache.load([
            ManifestFile(path: "docs/README.md", contents: Array("kind: Pod".utf8)),
            ManifestFile(path: "empty/a.yaml", contents: []), file("top.yaml", pod: "a"),
        ])

        #expect(Set(applications.keys) == [.root])
    }
}
