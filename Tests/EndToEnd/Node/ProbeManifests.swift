/// The manifests of the scenarios about probes.
extension Written {
    /// Scenario 5.
    static let probedPod = example("probes/probed-pod.yaml")

    /// Scenario 6, tried every second.
    static let livenessPod = example("probes/liveness-pod.yaml")
        .replacing("periodSeconds: 2", with: "periodSeconds: 1")

    /// A Pod of one container that runs a script, with more fields of the container, each in a line.
    static func running(_ script: String, as name: String, _ fields: String..., policy: String = "Always") -> String {
        let lines = fields.map { "      \($0)" }.joined(separator: "\n")
        return """
            apiVersion: v1
            kind: Pod
            metadata:
              name: \(name)
            spec:
              restartPolicy: \(policy)
              containers:
                - name: main
                  image: busybox:1.28
                  command: ["sh", "-c", "\(script)"]
                  ports: [{name: web, containerPort: 8080}]

            """ + lines + "\n"
    }
}
