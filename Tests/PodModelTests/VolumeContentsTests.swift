import Manifests
import PodModel
import Testing

@Suite("The files of volumes that are made of other objects")
struct VolumeContentsTests {
    private static func accepted(_ object: ConfigurationObject) -> AcceptedObject {
        AcceptedObject(object: object, application: .root, createdAt: .epoch, file: "a.yaml")
    }

    private let objects = ConfigurationObjects([
        accepted(
            .configMap(
                ConfigMap(metadata: ObjectMeta(name: "app"), data: ["a": "1", "b": "2"], binaryData: ["c": [0, 255]]))),
        accepted(.secret(Secret(metadata: ObjectMeta(name: "key"), data: ["p": SecretValue([7])]))),
    ])

    private func files(_ volume: Volume) throws -> [String] {
        let pod = Pod(
            metadata: ObjectMeta(name: "web", labels: ["x": "1", "a": "say \"hi\"\n"]),
            spec: PodSpec(containers: [Container(name: "main", image: "i")]))
        let contents = try VolumeContents(of: volume, in: pod, PodUID("u1"), from: objects) { "\($0.resource)!" }
        return try #require(contents).files.map { "\($0.path) \(String($0.mode, radix: 8)) \($0.bytes)" }
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("every key under its own name, or those that are named under others")
    func keys() throws {
        #expect(
            try files(Volume(name: "v", configMap: ObjectVolume(name: "app", defaultMode: 0o600)))
                == ["a 600 [49]", "b 600 [50]", "c 600 [0, 255]"])
        let items = [KeyToPath(key: "a", path: "etc//./x"), KeyToPath(key: "b", path: "y", mode: 0o400)]
        #expect(
            try files(Volume(name: "v", configMap: ObjectVolume(name: "app", items: items)))
                == ["etc/x 644 [49]", "y 400 [50]"])
    }

    @Test("what is missing says so in the kubelet's words, unless it is optional")
    func missing() throws {
        let noMap = Volume(name: "v", configMap: ObjectVolume(name: "no"))
        let noKey = Volume(name: "v", secret: ObjectVolume(name: "key", items: [KeyToPath(key: "q", path: "q")]))

        #expect(throws: MissingSource.object(ObjectName(.configMap, namespace: "default", name: "no"))) {
            try files(noMap)
        }
        let error = #expect(throws: MissingSource.self) { try files(noKey) }
        #expect(error?.description == "references non-existent secret key: q")
        #expect(try files(Volume(name: "v", configMap: ObjectVolume(name: "no", optional: true))) == [])
    }

    @Test("fields of the Pod, labels line by line")
    func downward() throws {
        let volume = Volume(
            name: "v",
            downwardAPI: DownwardAPIVolume(items: [
                DownwardAPIFile(path: "labels", fieldRef: ObjectFieldSelector(fieldPath: "metadata.labels")),
                DownwardAPIFile(path: "uid", fieldRef: ObjectFieldSelector(fieldPath: "metadata.uid")),
                DownwardAPIFile(
                    path: "cpu",
                    resourceFieldRef: ResourceFieldSelector(resource: "limits.cpu", containerName: "main")),
            ]))

        #expect(
            try files(volume) == [
                "cpu 644 \(bytes("limits.cpu!"))", "labels 644 \(bytes("a=\"say \\\"hi\\\"\\n\"\nx=\"1\""))",
                "uid 644 \(bytes("u1"))",
            ])
    }

    @Test("a projected volume has the files of all its sources, and one mode for them")
    func projected() throws {
        let volume = Volume(
            name: "v",
            projected: ProjectedVolume(
                sources: [
                    VolumeProjection(configMap: ObjectVolume(name: "app")),
                    VolumeProjection(
                        secret: ObjectVolume(name: "key", items: [KeyToPath(key: "p", path: "a", mode: 0o400)])),
                ], defaultMode: 0o440))

        #expect(try files(volume) == ["a 400 [7]", "b 440 [50]", "c 440 [0, 255]"])
        #expect(volume.holdsSecrets)
    }
}
