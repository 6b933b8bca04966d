import ImageStore
import Testing

@Suite("Image names")
struct ImageReferenceTests {
    static let hex = String(repeating: "0a", count: 32)

    @Test(
        "a name is completed as docker completes it, and shown as short as it can be",
        arguments: [
            ("nginx", "docker.io/library/nginx:latest", "nginx:latest"),
            ("nginx:1.14", "docker.io/library/nginx:1.14", "nginx:1.14"),
            ("docker.io/nginx:1.14", "docker.io/library/nginx:1.14", "nginx:1.14"),
            ("index.docker.io/library/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
            ("smlinux/unhealthy", "docker.io/smlinux/unhealthy:latest", "smlinux/unhealthy:latest"),
            ("a/b/c:x", "docker.io/a/b/c:x", "a/b/c:x"),
            ("library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
            ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
            ("localhost:5000/app:2", "localhost:5000/app:2", "localhost:5000/app:2"),
            ("registry.k8s.io/pause:3.9", "registry.k8s.io/pause:3.9", "registry.k8s.io/pause:3.9"),
            ("quay.io/a__b/c-d--e/f.g", "quay.io/a__b/c-d--e/f.g:latest", "quay.io/a__b/c-d--e/f.g:latest"),
            ("nginx@sha256:\(hex)", "docker.io/library/nginx@sha256:\(hex)", "nginx@sha256:\(hex)"),
            ("nginx:1@sha256:\(hex)", "docker.io/library/nginx:1@sha256:\(hex)", "nginx:1@sha256:\(hex)"),
            (
                "x:\(String(repeating: "t", count: 128))", "docker.io/library/x:\(String(repeating: "t", count: 128))",
                "x:\(String(repeating: "t", count: 128))"
            ),
        ])
    func normalises(text: String, full: String, familiar: String) throws {
        let reference = try ImageReference(parsing: text)

        #expect(reference.description == full)
        #expect(reference.familiar == familiar)
        #expect(try ImageReference(parsing: full) == reference)
        #expect(try ImageReference(parsing: familiar) == reference)
    }

    @Test(
        "what is no image name is refused with the reason",
        arguments: [
            ("", "it is empty"), ("Nginx", "lower case"), ("nginx:", "not a tag"), ("nginx:.x", "not a tag"),
            ("nginx:a b", "not a tag"), ("x:\(String(repeating: "t", count: 129))", "not a tag"),
            ("nginx@sha256:12", "not a digest"), ("nginx@md5:\(hex)", "not a digest"), ("a//b", "\"\" is not a part"),
            ("/a", "\"\" is not a part"), ("a/", "\"\" is not a part"), ("a___b", "not a part"), ("a..b", "not a part"),
            ("-a", "not a part"), ("a-", "not a part"), ("a/../b", "not a part"), ("../a", "not a registry"),
            ("host:port/a", "not a registry"), ("ho_st.x/a", "not a registry"), ("-h.x/a", "not a registry"),
            (hex, "image id"), (String(repeating: "a", count: 256), "longer than 255"), ("näme", "not a part"),
            ("a\nb", "not a part"),
        ])
    func refuses(text: String, reason: String) {
        let error = #expect(throws: ImageStoreError.self) { try ImageReference(parsing: text) }

        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test("the message names the text, the problem and the remedy")
    func message() {
        let error = #expect(throws: ImageStoreError.self) { try ImageReference(parsing: "My/App") }

        #expect(
            error?.description == """
                "My/App" is not an image name: a repository's name is in lower case. Write it like nginx:1.14 or \
                registry.example.org/team/app:2.0.
                """)
    }
}
