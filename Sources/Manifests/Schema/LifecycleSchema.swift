// The tables of core/v1 Lifecycle, Kubernetes v1.36.

extension Lifecycle {
    static let schema = ObjectSchema(
        "Lifecycle", blank: { Lifecycle() },
        [
            .optional("postStart", \.postStart, LifecycleHandler.schema.shape.obeying(.oneHandler)),
            .optional("preStop", \.preStop, LifecycleHandler.schema.shape.obeying(.oneHandler)),
            .optional("stopSignal", \.stopSignal, .string.obeying(.linuxSignal)),
        ])
}

extension LifecycleHandler {
    static let schema = ObjectSchema(
        "LifecycleHandler", blank: { LifecycleHandler() },
        [
            .optional("exec", \.exec, ExecAction.schema.shape),
            .optional("httpGet", \.httpGet, HTTPGetAction.schema.shape),
            .optional("sleep", \.sleep, SleepAction.schema.shape),
            .refused("tcpSocket", instead: "Kubernetes does not carry it out either: use \"exec\" or \"httpGet\""),
        ])
}

extension SleepAction {
    static let schema = ObjectSchema(
        "SleepAction", blank: { SleepAction(seconds: 0) }, [.field("seconds", \.seconds, .integer, required: true)])
}

extension PodOS {
    static let schema = ObjectSchema(
        "PodOS", blank: { PodOS(name: .linux) },
        [.field("name", \.name, .word(refused: ["windows"]), required: true)])
}
