// The tables of core/v1 Pod, Kubernetes v1.36. A later version supports more by turning names of `refused` into rows.

extension Pod {
    static let schema = ObjectSchema(
        "Pod", blank: { Pod(metadata: ObjectMeta(name: ""), spec: PodSpec(containers: [])) },
        [
            .constant("apiVersion", "v1"),
            .constant("kind", "Pod"),
            .field("metadata", \.metadata, ObjectMeta.schema.shape, required: true),
            .field("spec", \.spec, PodSpec.schema.shape, required: true),
        ], refused: ["status"])
}

extension ObjectMeta {
    static let schema = ObjectSchema(
        "ObjectMeta", blank: { ObjectMeta(name: "", namespace: "") },
        [
            .field("name", \.name, .string.obeying(.dnsSubdomain), required: true),
            .field("namespace", \.namespace, .string.obeying(.dnsLabel), default: .value("default")),
            .field("labels", \.labels, .map(of: .string).obeying(.labels), impact: .none),
            .field("annotations", \.annotations, .map(of: .string).obeying(.annotations), impact: .none),
        ],
        refused: [
            "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers", "generateName",
            "generation", "managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid",
        ])
}

extension PodSpec {
    static let schema = ObjectSchema(
        "PodSpec", blank: { PodSpec(containers: []) },
        [
            .field(
                "containers", \.containers, .list(of: Container.schema.shape).obeying(.uniqueNames { $0.name }),
                required: true),
            .field("restartPolicy", \.restartPolicy, .word(), default: .value(.always)),
            .field(
                "terminationGracePeriodSeconds", \.terminationGracePeriodSeconds, .integer.obeying(.nonNegative),
                default: .value(30)),
            .optional("nodeName", \.nodeName, .string.obeying(.dnsSubdomain)),
            .optional("hostname", \.hostname, .string.obeying(.dnsLabel)),
        ],
        refused: [
            "activeDeadlineSeconds", "affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy",
            "enableServiceLinks", "ephemeralContainers", "evictionResponders", "hostAliases", "hostIPC", "hostNetwork",
            "hostPID", "hostUsers", "hostnameOverride", "imagePullSecrets", "initContainers", "nodeSelector", "os",
            "overhead", "preemptionPolicy", "priority", "priorityClassName", "readinessGates", "resourceClaims",
            "resources", "runtimeClassName", "schedulerName", "schedulingGates", "schedulingGroup", "securityContext",
            "serviceAccount", "serviceAccountName", "setHostnameAsFQDN", "shareProcessNamespace", "subdomain",
            "tolerations", "topologySpreadConstraints", "volumes",
        ])
}

extension Container {
    static let schema = ObjectSchema(
        "Container", blank: { Container(name: "", image: "") },
        [
            .field("name", \.name, .string.obeying(.dnsLabel), required: true),
            .field("image", \.image, .string.obeying(.untrimmed), required: true, impact: .restartContainer),
            .field("command", \.command, .list(of: .string)),
            .field("args", \.args, .list(of: .string)),
            .optional("workingDir", \.workingDir, .string),
            .field("env", \.env, .list(of: EnvVar.schema.shape).obeying(.warnOfHiddenNames { $0.name })),
            .field("ports", \.ports, .list(of: ContainerPort.schema.shape).obeying(.uniqueNames { $0.name })),
            .field(
                "imagePullPolicy", \.imagePullPolicy, .word(), default: .following { .implied(by: $0.image) }),
        ],
        refused: [
            "envFrom", "lifecycle", "livenessProbe", "readinessProbe", "resizePolicy", "resources", "restartPolicy",
            "restartPolicyRules", "securityContext", "startupProbe", "stdin", "stdinOnce", "terminationMessagePath",
            "terminationMessagePolicy", "tty", "volumeDevices", "volumeMounts",
        ])
}

extension EnvVar {
    static let schema = ObjectSchema(
        "EnvVar", blank: { EnvVar(name: "") },
        [
            .field("name", \.name, .string.obeying(.environmentName), required: true),
            .field("value", \.value, .string),
        ], refused: ["valueFrom"])
}

extension ContainerPort {
    static let schema = ObjectSchema(
        "ContainerPort", blank: { ContainerPort(containerPort: 0) },
        [
            .optional("name", \.name, .string.obeying(.portName)),
            .field("containerPort", \.containerPort, .integer.obeying(.between(1...65535)), required: true),
            .field("protocol", \.protocol, .word(refused: ["SCTP"]), default: .value(.tcp)),
        ], refused: ["hostIP", "hostPort"])
}
