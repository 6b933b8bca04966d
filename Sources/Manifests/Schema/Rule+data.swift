// What Kubernetes demands of ConfigMaps and Secrets (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule {
    /// Keys that can be names of files (`IsConfigMapKey`).
    static func configKeys<Item>() -> Rule where Value == [String: Item] {
        Rule { items in
            items.keys.sorted().flatMap { key in
                Names.configKey(key).map {
                    Violation(message: "Invalid value: \(key.quoted): \($0)", place: [.key(key)])
                }
            }
        }
    }

    /// The most that the values of one object may hold: 1 MiB (`MaxSecretSize`).
    fileprivate static func tooLong(_ sizes: [Int]) -> [Violation] {
        let size = sizes.reduce(0, +)
        guard size > 1 << 20 else { return [] }
        return [
            Violation(
                message: "Too long: the values have \(size) bytes, may not be more than 1048576",
                hint: "put large files into the image")
        ]
    }
}

extension Rule where Value == ConfigMap {
    /// No key twice, and not too much (`ValidateConfigMap`).
    static var configMap: Rule {
        Rule { map in
            let repeated = map.binaryData.keys.filter { map.data[$0] != nil }.sorted()
            return repeated.map {
                Violation(
                    message: "Invalid value: \($0.quoted): duplicate of key present in data",
                    place: [.field("binaryData"), .key($0)])
            } + tooLong(map.data.values.map(\.utf8.count) + map.binaryData.values.map(\.count))
        }
    }
}

extension Rule where Value == Secret {
    /// The keys that its type demands, and not too much (`ValidateSecret`).
    static var secret: Rule {
        Rule { secret in missingKeys(of: secret) + tooLong(secret.data.values.map(\.bytes.count)) }
    }

    private static func missingKeys(of secret: Secret) -> [Violation] {
        let missing = (requiredKeys[secret.type] ?? []).filter { secret.data[$0] == nil }
        let violations = missing.map { key in
            Violation(message: "data[\(key)]: Required value: by the type \(secret.type.quoted)", place: [])
        }
        guard secret.type == "kubernetes.io/basic-auth", secret.data["username"] == nil, secret.data["password"] == nil
        else { return violations }
        return [
            Violation(message: "data[username] or data[password]: Required value: by the type \(secret.type.quoted)")
        ]
    }

    private static let requiredKeys = [
        "kubernetes.io/dockercfg": [".dockercfg"],
        "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
        "kubernetes.io/ssh-auth": ["ssh-privatekey"],
        "kubernetes.io/tls": ["tls.crt", "tls.key"],
    ]
}
