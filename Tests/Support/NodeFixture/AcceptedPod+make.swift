import Manifests
import PodModel

extension AcceptedPod {
    /// A Pod with one container `main` of the image `busybox:test` that runs a shell script.
    ///
    /// - Parameter change: gives the container what else it is to have.
    public static func make(
        _ name: String = "web", running script: String = "trap 'exit 7' TERM; echo up; while :; do usleep 20000; done",
        image: String = "busybox:test", command: [String]? = nil, policy: ImagePullPolicy? = nil,
        restartPolicy: RestartPolicy = .always, env: [EnvVar] = [],
        resources: ResourceRequirements = ResourceRequirements(), securityContext: SecurityContext? = nil,
        with change: (inout Container) -> Void = { _ in }
    ) -> AcceptedPod {
        var generator = SystemRandomNumberGenerator()
        var container = Container(
            name: "main", image: image, command: command ?? ["sh", "-c", script], env: env, imagePullPolicy: policy,
            resources: resources, securityContext: securityContext)
        change(&container)
        let pod = Pod(
            metadata: ObjectMeta(name: name), spec: PodSpec(containers: [container], restartPolicy: restartPolicy))
        return AcceptedPod(
            uid: .random(using: &generator), pod: pod, digest: Digest("sha256:0"), written: pod.encoded,
            application: .root, createdAt: .epoch, file: "\(name).yaml")
    }
}
