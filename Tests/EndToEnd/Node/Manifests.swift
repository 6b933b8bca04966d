import Foundation

/// The manifests that the scenarios are about.
enum Written {
    /// Scenario 1.
    static let nginxPod = example("web/nginx-pod.yaml")

    /// Scenario 3.
    static let multipod = example("multi/multipod.yaml")

    /// Scenario 13.
    static let environmentPod = example("env/nginx-pod-env.yaml")

    /// A file of `example-repo`: what users are shown is what is tested.
    static func example(_ path: String) -> String {
        // swift-format-ignore: NeverUseForceTry
        try! String(contentsOf: examples.appending(path: path), encoding: .utf8)
    }

    /// Every manifest of `example-repo`, by its path there.
    static func allExamples() throws -> [String: String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: examples.path(percentEncoded: false))
        return Dictionary(uniqueKeysWithValues: paths.filter { $0.hasSuffix(".yaml") }.map { ($0, example($0)) })
    }

    private static let examples = URL(filePath: #filePath).appending(path: "../../../../example-repo")
        .standardizedFileURL

    /// A Pod that sleeps, and ends as soon as it is asked to.
    static func sleeper(_ name: String, seconds: Int) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: \(name)
        spec:
          containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; sleep \(seconds) & wait"]

        """
    }
}
