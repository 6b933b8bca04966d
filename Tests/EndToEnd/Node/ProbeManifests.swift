/// The manifests of the scenarios about probes.
extension Written {
    /// Scenario 5.
    static let probedPod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: probed-pod
        spec:
          containers:
            - name: nginx-container
              image: nginx:1.14
              ports:
                - containerPort: 80
              livenessProbe:
                httpGet:
                  path: /
                  port: 80

        """

    /// Scenario 6, tried every second.
    static let livenessPod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: liveness-pod
        spec:
          containers:
            - name: unhealthy-container
              image: smlinux/unhealthy
              imagePullPolicy: IfNotPresent
              livenessProbe:
                httpGet:
                  path: /
                  port: 8080
                periodSeconds: 1

        """

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
