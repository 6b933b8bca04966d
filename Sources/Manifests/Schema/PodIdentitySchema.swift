// The tables of what a Pod is called and how it finds others, Kubernetes v1.36.

extension PodSpec {
    static let identity: [FieldSchema<PodSpec>] = [
        .optional("hostname", \.hostname, .string.obeying(.dnsLabel)),
        .optional("hostnameOverride", \.hostnameOverride, .string.obeying(.dnsSubdomain).obeying(.hostName)),
        .optional("subdomain", \.subdomain, .string.obeying(.dnsLabel)),
        .field("setHostnameAsFQDN", \.setHostnameAsFQDN, .boolean),
        .field(
            "hostAliases", \.hostAliases, .list(of: HostAlias.schema.shape)),
        .field("dnsPolicy", \.dnsPolicy, .word(), default: .value(.clusterFirst)),
        .optional("dnsConfig", \.dnsConfig, PodDNSConfig.schema.shape.obeying(.withinLimits)),
        .field(
            "serviceAccountName", \.serviceAccountName, .string.obeying(.dnsSubdomain), default: .value("default")),
        .optional("automountServiceAccountToken", \.automountServiceAccountToken, .boolean),
    ]
}

extension PodDNSConfig {
    static let schema = ObjectSchema(
        "PodDNSConfig", blank: { PodDNSConfig() },
        [
            .field("nameservers", \.nameservers, .list(of: .string.obeying(.address))),
            .field("searches", \.searches, .list(of: .string.obeying(.searchDomain))),
            .field("options", \.options, .list(of: PodDNSConfigOption.schema.shape)),
        ])
}

extension PodDNSConfigOption {
    static let schema = ObjectSchema(
        "PodDNSConfigOption", blank: { PodDNSConfigOption(name: "") },
        [
            .field("name", \.name, .string.obeying(.resolverWord), required: true),
            .optional("value", \.value, .string.obeying(.resolverWord)),
        ])
}

extension HostAlias {
    static let schema = ObjectSchema(
        "HostAlias", blank: { HostAlias(ip: "") },
        [
            .field("ip", \.ip, .string.obeying(.address), required: true),
            .field("hostnames", \.hostnames, .list(of: .string.obeying(.dnsSubdomain))),
        ])
}
