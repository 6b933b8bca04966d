/// The kinds of Kubernetes v1.36, to tell one that this version does not support from one that does not exist.
enum Kinds {
    /// What to tell the author of an object of a kind that is not supported.
    static func refusal(of kind: String, apiVersion: Node?) -> (message: String, hint: String?) {
        var version: String?
        if case .scalar(.string(let text), _)? = apiVersion?.content { version = text }
        let shown = kind.quoted + (version.map { " (\($0))" } ?? "")
        if let home = homes[kind] {
            if let version, version != home {
                return (
                    "apiVersion \(version.quoted) has no kind \(kind.quoted)", "did you mean apiVersion \(home.quoted)?"
                )
            }
            return (
                "kind \(kind.quoted) (\(home)) is not supported by this version",
                "supported kinds: \(supported.joined(separator: ", "))"
            )
        }
        let near = Nearest.name(to: kind, in: supported + homes.keys.sorted())
        return (
            "unknown kind \(shown)",
            near.map { "did you mean \($0.quoted)?" } ?? "supported kinds: \(supported.joined(separator: ", "))"
        )
    }

    private static let supported = ["Pod", "ConfigMap", "Secret", "Namespace", "List"]

    /// Where each kind lives, in the version that is stored today.
    private static let homes: [String: String] = {
        let groups: [(String, String)] = [
            (
                "v1",
                """
                Binding Endpoints Event LimitRange Node PersistentVolume PersistentVolumeClaim \
                PodList PodTemplate ReplicationController ResourceQuota Service ServiceAccount
                """
            ),
            (
                "admissionregistration.k8s.io/v1",
                """
                MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration \
                ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
                """
            ),
            ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
            ("apiregistration.k8s.io/v1", "APIService"),
            ("apps/v1", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"),
            ("autoscaling/v2", "HorizontalPodAutoscaler"),
            ("batch/v1", "CronJob Job"),
            ("certificates.k8s.io/v1", "CertificateSigningRequest"),
            ("coordination.k8s.io/v1", "Lease"),
            ("discovery.k8s.io/v1", "EndpointSlice"),
            ("flowcontrol.apiserver.k8s.io/v1", "FlowSchema PriorityLevelConfiguration"),
            ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
            ("networking.k8s.io/v1", "IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR"),
            ("node.k8s.io/v1", "RuntimeClass"),
            ("policy/v1", "PodDisruptionBudget"),
            ("rbac.authorization.k8s.io/v1", "ClusterRole ClusterRoleBinding Role RoleBinding"),
            ("resource.k8s.io/v1", "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice"),
            ("scheduling.k8s.io/v1", "PriorityClass"),
            (
                "storage.k8s.io/v1",
                "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass"
            ),
        ]
        var homes: [String: String] = [:]
        for (version, kinds) in groups {
            for kind in kinds.split(separator: " ") { homes[String(kind)] = version }
        }
        return homes
    }()
}
