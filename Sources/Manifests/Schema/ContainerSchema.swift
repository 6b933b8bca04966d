// The tables of core/v1 Container, Kubernetes v1.36.

extension Container {
    static let schema = ObjectSchema(
        "Container", blank: { Container(name: "", image: "") },
        [
            .field("name", \.name, .string.obeying(.dnsLabel), required: true),
            .field("image", \.image, .string.obeying(.untrimmed), required: true, impact: .restartContainer),
            .field("command", \.command, .list(of: .string)),
            .field("args", \.args, .list(of: .string)),
            .optional("workingDir", \.workingDir, .string),
            .field(
                "envFrom", \.envFrom, .list(of: EnvFromSource.schema.shape.obeying(.oneSource)),
                impact: .restartContainer),
            .field(
                "env", \.env, .list(of: EnvVar.shape).obeying(.warnOfHiddenNames { $0.name }),
                impact: .restartContainer),
            .field("volumeMounts", \.volumeMounts, .list(of: VolumeMount.shape).obeying(.uniquePlaces)),
            .field("ports", \.ports, .list(of: ContainerPort.schema.shape).obeying(.uniqueNames { $0.name })),
            .field(
                "imagePullPolicy", \.imagePullPolicy, .word(), default: .following { .implied(by: $0.image) }),
            .field(
                "resources", \.resources,
                ResourceRequirements.schema.shape.obeying(.requestsWithinLimits),
                impact: .inPlace),
            .optional("securityContext", \.securityContext, SecurityContext.schema.shape.obeying(.escalationAgrees)),
            .optional("lifecycle", \.lifecycle, Lifecycle.schema.shape),
            .optional("livenessProbe", \.livenessProbe, Probe.schema.shape.obeying(.oneHandler, .succeedsAtOnce)),
            .optional("readinessProbe", \.readinessProbe, Probe.schema.shape.obeying(.oneHandler, .stopsNothing)),
            .optional("startupProbe", \.startupProbe, Probe.schema.shape.obeying(.oneHandler, .succeedsAtOnce)),
            .field(
                "resizePolicy", \.resizePolicy,
                .list(of: ContainerResizePolicy.schema.shape).obeying(.onePolicyEach), impact: .none),
            .field(
                "terminationMessagePath", \.terminationMessagePath, .string, default: .value(Container.terminationLog)),
            .field("terminationMessagePolicy", \.terminationMessagePolicy, .word(), default: .value(.file)),
            .optional("restartPolicy", \.restartPolicy, .word()),
            .field(
                "restartPolicyRules", \.restartPolicyRules,
                .list(of: ContainerRestartRule.schema.shape).obeying(.atMost(20))),
            .field("stdin", \.stdin, .flag),
            .field("stdinOnce", \.stdinOnce, .flag),
            .field("tty", \.tty, .flag),
            .refused("volumeDevices", instead: "block devices are not given to containers: remove them"),
        ])
}

extension ContainerPort {
    static let schema = ObjectSchema(
        "ContainerPort", blank: { ContainerPort(containerPort: 0) },
        [
            .optional("name", \.name, .string.obeying(.portName)),
            .field("containerPort", \.containerPort, .integer.obeying(.between(1...65535)), required: true),
            .field("protocol", \.protocol, .word(refused: ["SCTP"]), default: .value(.tcp)),
            .optional("hostIP", \.hostIP, .string.obeying(.nodeAddress)),
            .optional("hostPort", \.hostPort, .hostPort),
        ])
}
