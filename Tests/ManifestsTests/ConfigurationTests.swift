import Manifests
import Testing

@Suite("ConfigMaps, Secrets and Namespaces are read as Kubernetes reads them")
struct ConfigurationTests {
    private func configMap(_ fields: String, name: String = "settings") -> String {
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name), namespace: blue}\n" + fields
    }

    private func secret(_ fields: String) -> String { "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n" + fields }

    @Test("a ConfigMap has text and bytes")
    func readConfigMap() throws {
        let loaded = load(configMap("data: {a.b: x, C-D: \"1\"}\nbinaryData: {e_f: AAEC/w==}\nimmutable: true"))
        let object = try #require(loaded.configMaps.first?.object)

        #expect(loaded.diagnostics == [])
        #expect(
            object
                == ConfigMap(
                    metadata: ObjectMeta(name: "settings", namespace: "blue"), data: ["a.b": "x", "C-D": "1"],
                    binaryData: ["e_f": [0, 1, 2, 255]], immutable: true))
        #expect(try ConfigMap(decoding: object.encoded) == object)
        #expect(load(object.encoded.yaml).configMaps.map(\.object) == [object])
    }

    @Test("a Secret's values are bytes; those written as text win")
    func readSecret() throws {
        let loaded = load(secret("data: {a: aGk=, b: \"\"}\nstringData: {a: ho, c: é}"))
        let object = try #require(loaded.secrets.first?.object)

        #expect(loaded.diagnostics == [])
        #expect(object.type == "Opaque")
        #expect(object.data.mapValues { String(decoding: $0.bytes, as: UTF8.self) } == ["a": "ho", "b": "", "c": "é"])
        #expect(object.encoded["data"] == ["a": "aG8=", "b": "", "c": "w6k="])
        #expect(try Secret(decoding: object.encoded) == object)
    }

    @Test("line breaks in base64 mean nothing")
    func foldedBase64() {
        let loaded = load(secret("data:\n  a: |\n    aG\n    k=\n"))

        #expect(loaded.secrets.first?.object.data["a"] == SecretValue(Array("hi".utf8)))
    }

    @Test("a Namespace is in none")
    func readNamespace() throws {
        let loaded = load(
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: blue, labels: {a: b}}\nspec: {finalizers: [kubernetes]}")

        #expect(loaded.diagnostics == [])
        #expect(loaded.namespaces.map(\.object) == [Namespace(name: "blue", labels: ["a": "b"])])
        #expect(
            try loaded.namespaces.map { try Namespace(decoding: $0.object.encoded) } == loaded.namespaces.map(\.object))
    }

    @Test("one name may be that of a Pod, a ConfigMap and a Secret, but of one of each")
    func identities() {
        let loaded = load(
            [manifest(metadata: "namespace: blue"), configMap("", name: "web"), configMap("", name: "web")]
                .joined(separator: "\n---\n"))

        #expect(loaded.configMaps.count == 1)
        #expect(
            loaded.diagnostics.map(\.message) == [
                "ConfigMap \"web\" in namespace \"blue\" is defined twice, first at web/pod.yaml:11:1"
            ])
    }

    @Test("what is wrong is said with its place")
    func errors() {
        let keyRule =
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
            + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
        let examples: [(String, [String])] = [
            (configMap("data: {a b: x}"), ["4:8: data[a b]: Invalid value: \"a b\": \(keyRule)"]),
            (configMap("data: {..a: x}"), ["4:8: data[..a]: Invalid value: \"..a\": must not start with '..'"]),
            (
                configMap("data: {a: x}\nbinaryData: {a: aGk=}"),
                ["5:14: binaryData[a]: Invalid value: \"a\": duplicate of key present in data"]
            ),
            (
                configMap("data: {a: 1}"),
                ["4:11: data[a]: expected a string, found the number 1\n  hint: put it in quotes: \"1\""]
            ),
            (
                configMap("binaryData: {a: aGk}"),
                [
                    "4:17: binaryData[a]: the value is no base64, from its character 4 on\n  "
                        + "hint: encode it, for example with \"base64 -w0\""
                ]
            ),
            (
                configMap("data: {a: \(String(repeating: "x", count: 1 << 20))y}"),
                [
                    "1:1: ConfigMap: Too long: the values have 1048577 bytes, may not be more than 1048576\n  "
                        + "hint: put large files into the image"
                ]
            ),
            (
                configMap("date: {a: x}"), ["4:1: unknown field \"date\" in ConfigMap\n  hint: did you mean \"data\"?"]
            ),
            (
                secret("type: kubernetes.io/tls\nstringData: {tls.crt: x}"),
                ["1:1: Secret: data[tls.key]: Required value: by the type \"kubernetes.io/tls\""]
            ),
            (
                secret("type: kubernetes.io/basic-auth"),
                [
                    "1:1: Secret: data[username] or data[password]: Required value: by the type "
                        + "\"kubernetes.io/basic-auth\""
                ]
            ),
            (
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}",
                [
                    "3:21: field \"namespace\" in Namespace.metadata is not supported by this version\n  "
                        + "hint: a Namespace is in none: remove it"
                ]
            ),
        ]
        for (text, findings) in examples {
            #expect(load(text).diagnostics.map(\.description) == findings.map { "web/pod.yaml:" + $0 })
        }
    }

    @Test(
        "no message shows what is secret, however it is written",
        arguments: [
            "data: hunter2", "data: {a: hunter2}", "data: {a: [hunter2]}", "data: {a: {hunter2: b}}",
            "stringData: hunter2", "stringData: [hunter2]", "stringData: {a: !!int hunter2}", "data: {<<: hunter2}",
            "immutable: hunter2", "data: {a: hunter2, a: hunter2}", "data: {a: \"hunter2}", "stringData: {a: 4711}",
            "data: {a: *hunter}", "hunter: hunter2",
        ])
    func secrets(fields: String) {
        let loaded = load(secret(fields))

        #expect(loaded.secrets.isEmpty)
        #expect(!loaded.diagnostics.isEmpty)
        for diagnostic in loaded.diagnostics {
            #expect(!diagnostic.description.contains("hunter2"))
            #expect(!diagnostic.description.contains("4711"))
        }
    }

    @Test("a Secret that is printed or dumped does not show its values")
    func printed() throws {
        let object = try #require(load(secret("stringData: {password: hunter2}")).secrets.first)
        var dumped = ""
        dump(object, to: &dumped)

        for text in ["\(object)", String(reflecting: object), dumped] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("104"), "the bytes")
            #expect(text.contains("7 secret bytes"))
        }
    }
}
