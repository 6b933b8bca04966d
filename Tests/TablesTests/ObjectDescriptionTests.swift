import Manifests
import Tables
import Testing

@Suite("ConfigMaps and Secrets are described as kubectl describe describes them") struct ObjectDescriptionTests {
    @Test("a ConfigMap with its text, and how long its bytes are")
    func configMap() {
        let map = ConfigMap(
            metadata: ObjectMeta(name: "app", namespace: "blue", labels: ["tier": "front", "app": "web"]),
            data: ["mode": "fast", "file": "a\nb\n"], binaryData: ["bin": [0, 1, 2]])

        #expect(
            ObjectDescription(map).text == """
                Name:         app
                Namespace:    blue
                Labels:       app=web
                              tier=front
                Annotations:  <none>

                Data
                ====
                file:
                ----
                a
                b


                mode:
                ----
                fast


                BinaryData
                ====
                bin: 3 bytes

                Events:  <none>

                """)
    }

    @Test("a Secret shows no value, only how long each is")
    func secret() {
        let secret = Secret(
            metadata: ObjectMeta(name: "key"),
            data: ["user": SecretValue(Array("ada".utf8)), "password": SecretValue(Array("hunter2".utf8))])

        #expect(
            ObjectDescription(secret).text == """
                Name:         key
                Namespace:    default
                Labels:       <none>
                Annotations:  <none>

                Type:  Opaque

                Data
                ====
                password:  7 bytes
                user:      3 bytes

                """)
    }
}
