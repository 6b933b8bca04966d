// The table of core/v1 PodSpec, Kubernetes v1.36.

extension PodSpec {
    static let schema = ObjectSchema(
        "PodSpec", blank: { PodSpec(containers: []) },
        supported + PodPriority.fields + identity + capacity + noticed + refused,
        complete: {
            $0.requestResources()
            $0.takePortsOfHostNetwork()
        })

    private static let supported: [FieldSchema<PodSpec>] = [
        .field(
            "containers", \.containers,
            .list(of: Container.schema.shape.obeying(.rulesHavePolicy)).obeying(.uniqueNames { $0.name }),
            required: true),
        .field(
            "initContainers", \.initContainers,
            .list(of: Container.schema.shape.obeying(.initContainer, .rulesHavePolicy)).obeying(
                .uniqueNames { $0.name })
        ).replacingPod,
        .field(
            "volumes", \.volumes,
            .list(of: Volume.schema.shape.obeying(.oneKind)).obeying(.uniqueNames { $0.name })),
        .field("restartPolicy", \.restartPolicy, .word(), default: .value(.always)),
        .field(
            "terminationGracePeriodSeconds", \.terminationGracePeriodSeconds, .integer.obeying(.nonNegative),
            default: .value(30)),
        .optional("activeDeadlineSeconds", \.activeDeadlineSeconds, .integer.obeying(.between(1...2_147_483_647))),
        .optional("os", \.os, PodOS.schema.shape),
        .optional("nodeName", \.nodeName, .string.obeying(.dnsSubdomain)),
        .field("nodeSelector", \.nodeSelector, .map(of: .string).obeying(.labels)),
        .optional("affinity", \.affinity, Affinity.schema.shape),
        .field("tolerations", \.tolerations, .list(of: Toleration.schema.shape.obeying(.consistent))),
        .field("imagePullSecrets", \.imagePullSecrets, .list(of: ImagePullSecret.schema.shape), impact: .none),
        .optional("hostIPC", \.namespaces.hostIPC, .boolean),
        .optional("hostNetwork", \.namespaces.hostNetwork, .boolean),
        .optional("hostPID", \.namespaces.hostPID, .boolean),
        .optional("hostUsers", \.namespaces.hostUsers, .boolean),
        .optional("shareProcessNamespace", \.namespaces.shareProcessNamespace, .boolean),
        .optional("securityContext", \.securityContext, PodSecurityContext.schema.shape),
    ]

    private static let noticed: [FieldSchema<PodSpec>] = [
        .noticed("enableServiceLinks", because: "there are no Services", unless: [true, false]),
        .noticed("evictionResponders", because: "nobody is asked before a Pod is evicted"),
        .noticed("preemptionPolicy", because: "no Pod makes way for another"),
        .noticed("schedulerName", because: "each node's agent picks its Pods itself", unless: ["default-scheduler"]),
        .noticed("schedulingGroup", because: "each Pod is started on its own"),
        .noticed("serviceAccount", because: "there is no API server to have an account with", unless: ["default"]),
        .noticed("topologySpreadConstraints", because: "an agent knows its own node only"),
    ]

    private static let refused: [FieldSchema<PodSpec>] = [
        .refused("ephemeralContainers", instead: "use \"exec\" to look into a container"),
        .refused("readinessGates", instead: "nothing could set them: remove them"),
        .refused("resourceClaims", instead: "devices are not given to containers: remove them"),
        .refused("runtimeClassName", instead: "there is one runtime, the agent's own: remove it"),
    ]
}
