import Manifests
import Testing

@Suite("What is wrong with a manifest is said with its place, in words, with a hint")
struct ErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let findings: [String]

        init(_ name: String, _ text: String, _ findings: String...) {
            testDescription = name
            self.text = text
            self.findings = findings
        }
    }

    @Test(
        "each error shape has its words",
        arguments: fields + types + values + resources + environment + volumes + identity + nodes + kinds + syntax)
    func words(of example: Case) {
        let loaded = load(example.text)

        #expect(loaded.diagnostics.map(\.description) == example.findings)
        #expect(loaded.pods.isEmpty, "an object with an error is not used")
    }

    static let fields: [Case] = [
        Case(
            "an unknown field, misspelt",
            manifest().replacing("containers", with: "contianers"),
            """
            web/pod.yaml:6:3: unknown field "contianers" in Pod.spec
              hint: did you mean "containers"?
            """),
        Case(
            "an unknown field nobody could mean", manifest(spec: "zzz: 1"),
            "web/pod.yaml:6:3: unknown field \"zzz\" in Pod.spec"),
        Case(
            "a field in the wrong object", manifest(metadata: "restartPolicy: Never"),
            """
            web/pod.yaml:5:3: unknown field "restartPolicy" in Pod.metadata
              hint: "restartPolicy" belongs to Pod.spec
            """),
        Case(
            "a container's field in the spec", manifest(spec: "image: nginx"),
            """
            web/pod.yaml:6:3: unknown field "image" in Pod.spec
              hint: "image" belongs to Pod.spec.containers[]
            """),
        Case(
            "a field Kubernetes knows", manifest(container: "volumeDevices: [{name: a, devicePath: /dev/a}]"),
            """
            web/pod.yaml:9:5: field "volumeDevices" in Pod.spec.containers[0] is not supported by this version
              hint: block devices are not given to containers: remove them
            """),
        Case(
            "a misspelt field of those that are not supported", manifest(container: "volumeDevice: []"),
            """
            web/pod.yaml:9:5: unknown field "volumeDevice" in Pod.spec.containers[0]
              hint: did you mean "volumeDevices", which this version does not support?
            """),
        Case(
            "a deeper field Kubernetes knows",
            manifest(container: "env: [{name: A, valueFrom: {fileKeyRef: {key: a}}}]"),
            """
            web/pod.yaml:9:33: field "fileKeyRef" in Pod.spec.containers[0].env[0].valueFrom is not supported by this version
              hint: let the command read the file
            """),
        Case(
            "a field of the container that is known in part",
            manifest(container: "volumeDevices: [{name: a, devicePath: /b}]"),
            """
            web/pod.yaml:9:5: field "volumeDevices" in Pod.spec.containers[0] is not supported by this version
              hint: block devices are not given to containers: remove them
            """),
        Case(
            "what would make another Pod of it", manifest(spec: "runtimeClassName: other"),
            """
            web/pod.yaml:6:3: field "runtimeClassName" in Pod.spec is not supported by this version
              hint: there is one runtime, the agent's own: remove it
            """),
        Case(
            "everything at once, in one document",
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: Web
              labels: {v: 1.10}
            spec:
              restartPolicy: always
              containers:
              - name: nginx
                ports: [{containerPort: 70000, protocol: SCTP}]
              - image: ""
                volumeDevices: [{name: a, devicePath: /b}]
            """,
            """
            web/pod.yaml:4:9: metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of \
            lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character \
            (e.g. 'example.com', regex used for validation is \
            '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
            """,
            """
            web/pod.yaml:5:15: metadata.labels[v]: expected a string, found the number 1.1
              hint: put it in quotes: "1.10"
            """,
            """
            web/pod.yaml:7:18: spec.restartPolicy: Unsupported value: "always": supported values: "Always", \
            "OnFailure", "Never"
              hint: did you mean "Always"?
            """,
            "web/pod.yaml:9:5: spec.containers[0].image: Required value",
            """
            web/pod.yaml:10:29: spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and \
            65535, inclusive
            """,
            """
            web/pod.yaml:10:46: spec.containers[0].ports[0].protocol: value "SCTP" is not supported by this version
              hint: supported values: "TCP", "UDP"
            """,
            "web/pod.yaml:11:5: spec.containers[1].name: Required value",
            "web/pod.yaml:11:5: spec.containers[1].image: Required value",
            """
            web/pod.yaml:12:5: field "volumeDevices" in Pod.spec.containers[1] is not supported by this version
              hint: block devices are not given to containers: remove them
            """),
    ]

    static let types: [Case] = [
        Case(
            "a number for text", manifest(container: "args: [1.10]"),
            """
            web/pod.yaml:9:12: spec.containers[0].args[0]: expected a string, found the number 1.1
              hint: put it in quotes: "1.10"
            """),
        Case(
            "a boolean for text", manifest(container: "env: [{name: A, value: yes}]"),
            """
            web/pod.yaml:9:28: spec.containers[0].env[0].value: expected a string, found the boolean true
              hint: put it in quotes: "yes"
            """),
        Case(
            "null in a list of text", manifest(container: "args: [~]"),
            """
            web/pod.yaml:9:12: spec.containers[0].args[0]: expected a string, found null
              hint: write "" for empty text
            """),
        Case(
            "a list for text", manifest(container: "workingDir: [a]"),
            "web/pod.yaml:9:17: spec.containers[0].workingDir: expected a string, found a list"),
        Case(
            "text for a number", manifest(container: "ports: [{containerPort: \"80\"}]"),
            """
            web/pod.yaml:9:29: spec.containers[0].ports[0].containerPort: expected a whole number, found the string "80"
              hint: remove the quotes: 80
            """),
        Case(
            "a fraction for a whole number", manifest(spec: "terminationGracePeriodSeconds: 1.5"),
            "web/pod.yaml:6:34: spec.terminationGracePeriodSeconds: expected a whole number, found the number 1.5"),
        Case(
            "empty text where no text belongs", manifest(spec: "terminationGracePeriodSeconds: \"\""),
            "web/pod.yaml:6:34: spec.terminationGracePeriodSeconds: expected a whole number, found the string \"\""),
        Case(
            "text for a list", manifest(container: "command: sleep 5"),
            """
            web/pod.yaml:9:14: spec.containers[0].command: expected a list, found the string "sleep 5"
              hint: begin each item with "- "
            """),
        Case(
            "a list for a mapping", manifest(metadata: "labels: [a]"),
            """
            web/pod.yaml:5:11: metadata.labels: expected a mapping, found a list
              hint: write "key: value" lines
            """),
    ]

    static let values: [Case] = [
        Case(
            "nothing but a kind", "apiVersion: v1\nkind: Pod",
            "web/pod.yaml:1:1: metadata.name: Required value", "web/pod.yaml:1:1: spec.containers: Required value"),
        Case(
            "no containers", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: []",
            "web/pod.yaml:5:3: spec.containers: Required value"),
        Case(
            "a container's name twice", manifest() + "\n  - {name: nginx, image: b}",
            "web/pod.yaml:9:12: spec.containers[1].name: Duplicate value: \"nginx\""),
        Case(
            "a container's name", manifest(spec: "hostname: a_b"),
            """
            web/pod.yaml:6:13: spec.hostname: Invalid value: "a_b": a lowercase RFC 1123 label must consist of lower \
            case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. \
            'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
            """),
        Case(
            "a long port name", manifest(container: "ports: [{name: a123456789012345, containerPort: 1}]"),
            """
            web/pod.yaml:9:20: spec.containers[0].ports[0].name: Invalid value: "a123456789012345": must be no more \
            than 15 bytes
            """),
        Case(
            "a port name without letters", manifest(container: "ports: [{name: \"1--2\", containerPort: 1}]"),
            """
            web/pod.yaml:9:20: spec.containers[0].ports[0].name: Invalid value: "1--2": must contain at least one \
            letter (a-z)
            """,
            """
            web/pod.yaml:9:20: spec.containers[0].ports[0].name: Invalid value: "1--2": must not contain consecutive \
            hyphens
            """),
        Case(
            "a port name twice",
            manifest(container: "ports: [{name: a, containerPort: 1}, {name: a, containerPort: 2}]"),
            "web/pod.yaml:9:49: spec.containers[0].ports[1].name: Duplicate value: \"a\""),
        Case(
            "a port of the node out of range", manifest(container: "ports: [{containerPort: 1, hostPort: 65536}]"),
            """
            web/pod.yaml:9:42: spec.containers[0].ports[0].hostPort: Invalid value: 65536: must be between 1 and \
            65535, inclusive
            """),
        Case(
            "a port of the node twice",
            manifest(container: "ports: [{containerPort: 1, hostPort: 9}, {containerPort: 2, hostPort: 9}]"),
            "web/pod.yaml:9:75: spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//9\""),
        Case(
            "an address of the node that is none", manifest(container: "ports: [{containerPort: 1, hostIP: node}]"),
            """
            web/pod.yaml:9:40: spec.containers[0].ports[0].hostIP: Invalid value: "node": must be a valid IP address, \
            (e.g. 10.9.8.7 or 2001:db8::ffff)
            """),
        Case(
            "an address of the node that Pods do not have",
            manifest(container: "ports: [{containerPort: 1, hostIP: '::1'}]"),
            """
            web/pod.yaml:9:40: spec.containers[0].ports[0].hostIP: Invalid value: "::1": must be an address of IPv4, \
            as those of Pods are
              hint: remove it: without it the port is one of every address of the node
            """),
        Case(
            "another port of the node than its own in the node's network",
            manifest(spec: "hostNetwork: true", container: "ports: [{containerPort: 1, hostPort: 9}]"),
            """
            web/pod.yaml:10:42: spec.containers[0].ports[0].hostPort: Invalid value: 9: must match `containerPort` \
            when `hostNetwork` is true
            """),
        Case(
            "an environment variable's name", manifest(container: "env: [{name: A=B}, {value: x}]"),
            """
            web/pod.yaml:9:18: spec.containers[0].env[0].name: Invalid value: "A=B": a valid environment variable name \
            must consist only of printable ASCII characters other than '='
            """,
            "web/pod.yaml:9:24: spec.containers[0].env[1].name: Required value"),
        Case(
            "blanks around an image", manifest().replacing("nginx:1.14", with: "\"nginx \""),
            """
            web/pod.yaml:8:12: spec.containers[0].image: Invalid value: "nginx ": must not have leading or trailing \
            whitespace
            """),
        Case(
            "a negative grace period", manifest(spec: "terminationGracePeriodSeconds: -1"),
            """
            web/pod.yaml:6:34: spec.terminationGracePeriodSeconds: Invalid value: -1: must be greater than or equal to 0
            """),
        Case(
            "a label's key", manifest(metadata: "labels: {/a: b}"),
            "web/pod.yaml:5:12: metadata.labels[/a]: Invalid value: \"/a\": prefix part must be non-empty"),
    ]

    static let resources: [Case] = [
        Case(
            "text that is no quantity", manifest(container: "resources: {limits: {memory: 1GB}}"),
            """
            web/pod.yaml:9:34: spec.containers[0].resources.limits.memory: Invalid value: "1GB": a quantity is a \
            number, alone or with one suffix of n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent such as e3
              hint: did you mean "1G"?
            """),
        Case(
            "a negative quantity", manifest(container: "resources: {limits: {cpu: -1}}"),
            """
            web/pod.yaml:9:31: spec.containers[0].resources.limits.cpu: Invalid value: "-1": must be greater than or \
            equal to 0
            """),
        Case(
            "too large a quantity", manifest(container: "resources: {limits: {memory: 8Ei}}"),
            """
            web/pod.yaml:9:34: spec.containers[0].resources.limits.memory: Invalid value: "8Ei": must be no more than \
            9223372036854775807
            """),
        Case(
            "a boolean for a quantity", manifest(container: "resources: {limits: {cpu: yes}}"),
            "web/pod.yaml:9:31: spec.containers[0].resources.limits.cpu: expected a quantity, found the boolean true"),
        Case(
            "more requested than allowed",
            manifest(container: "resources: {limits: {cpu: 500m, memory: 1Gi}, requests: {cpu: 0.6, memory: 2Gi}}"),
            """
            web/pod.yaml:9:67: spec.containers[0].resources.requests.cpu: Invalid value: "600m": must be less than or \
            equal to cpu limit of 500m
            """,
            """
            web/pod.yaml:9:80: spec.containers[0].resources.requests.memory: Invalid value: "2Gi": must be less than \
            or equal to memory limit of 1Gi
            """),
        Case(
            "a resource that is not given",
            manifest(container: "resources: {limits: {hugepages-2Mi: 4Mi, a.b/gpu: 1}}"),
            """
            web/pod.yaml:9:26: field "hugepages-2Mi" in Pod.spec.containers[0].resources.limits is not supported by \
            this version
              hint: only cpu, memory and ephemeral-storage are given to containers: remove it
            """,
            """
            web/pod.yaml:9:46: field "a.b/gpu" in Pod.spec.containers[0].resources.limits is not supported by this \
            version
              hint: only cpu, memory and ephemeral-storage are given to containers: remove it
            """),
        Case(
            "a resource nobody knows", manifest(container: "resources: {limits: {memroy: 4Mi}}"),
            """
            web/pod.yaml:9:26: unknown field "memroy" in Pod.spec.containers[0].resources.limits
              hint: did you mean "memory"?
            """),
    ]

    /// A Pod that demands one thing of its node.
    private static let volumes = [
        Case(
            "a mount of a volume that is not there",
            manifest(
                spec: "volumes: [{name: data, emptyDir: {}}]", container: "volumeMounts: [{name: dat, mountPath: /d}]"),
            """
            web/pod.yaml:10:27: spec.containers[0].volumeMounts[0].name: Not found: "dat"
              hint: did you mean "data"?
            """),
        Case(
            "two kinds in one", manifest(spec: "volumes: [{name: a, emptyDir: {}, hostPath: {path: /a}}]"),
            """
            web/pod.yaml:6:13: spec.volumes[0]: Forbidden: may not specify more than 1 volume type
            """),
        Case(
            "a kind that is not there yet", manifest(spec: "volumes: [{name: a, nfs: {server: s, path: /p}}]"),
            """
            web/pod.yaml:6:23: field "nfs" in Pod.spec.volumes[0] is not supported by this version
              hint: mount it on the node, and use "hostPath"
            """),
        Case(
            "paths that lead out, and permissions that are none",
            manifest(
                spec: "volumes: [{name: a, configMap: {name: c, defaultMode: 1000, items: [{key: k, path: ../x}]}}]"),
            """
            web/pod.yaml:6:57: spec.volumes[0].configMap.defaultMode: Invalid value: 1000: must be a number between 0 \
            and 0777 (octal), both inclusive
            """,
            """
            web/pod.yaml:6:86: spec.volumes[0].configMap.items[0].path: Invalid value: "../x": must not contain '..'
            """),
        Case(
            "a part that is none",
            manifest(
                spec: "volumes: [{name: a}]",
                container: "volumeMounts: [{name: a, mountPath: /a, subPath: /x, recursiveReadOnly: Enabled}]"),
            """
            web/pod.yaml:10:54: spec.containers[0].volumeMounts[0].subPath: Invalid value: "/x": must be a relative path
            """),
        Case(
            "read-only below what can be written",
            manifest(
                spec: "volumes: [{name: a}]",
                container: "volumeMounts: [{name: a, mountPath: /a, recursiveReadOnly: Enabled}]"),
            """
            web/pod.yaml:10:64: spec.containers[0].volumeMounts[0].recursiveReadOnly: Forbidden: may only be specified \
            when readOnly is true
            """),
        Case(
            "two at one place",
            manifest(
                spec: "volumes: [{name: a}]",
                container: "volumeMounts: [{name: a, mountPath: /a}, {name: a, mountPath: /a}]"),
            """
            web/pod.yaml:10:67: spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique
            """),
    ]

    private static let identity = [
        Case(
            "no name server at all", manifest(spec: "dnsPolicy: None"),
            """
            web/pod.yaml:6:14: spec.dnsPolicy: Required value: must provide `dnsConfig` when `dnsPolicy` is None
            """),
        Case(
            "an address that is none", manifest(spec: "hostAliases: [{ip: 10.0.0.256, hostnames: [a]}]"),
            """
            web/pod.yaml:6:22: spec.hostAliases[0].ip: Invalid value: "10.0.0.256": must be a valid IP address, \
            (e.g. 10.9.8.7 or 2001:db8::ffff)
            """),
        Case(
            "a line smuggled into resolv.conf",
            manifest(spec: "dnsConfig: {options: [{name: \"a\\nnameserver 6.6.6.6\"}]}"),
            """
            web/pod.yaml:6:32: spec.dnsConfig.options[0].name: Invalid value: "a\\nnameserver 6.6.6.6": must be printable ASCII without blanks
            """),
    ]

    private static let environment = [
        Case(
            "a variable with a value and a source",
            manifest(container: "env: [{name: A, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"),
            """
            web/pod.yaml:9:42: spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty
            """),
        Case(
            "a source of nothing", manifest(container: "env: [{name: A, valueFrom: {}}]"),
            """
            web/pod.yaml:9:32: spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: \
            `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`
            """),
        Case(
            "two sources",
            manifest(
                container: "env: [{name: A, valueFrom: {configMapKeyRef: {name: a, key: b}, "
                    + "fieldRef: {fieldPath: metadata.name}}}]"),
            """
            web/pod.yaml:9:32: spec.containers[0].env[0].valueFrom: Invalid value: "": may not have more than one \
            field specified at a time
            """),
        Case(
            "a field that nobody is told",
            manifest(container: "env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.nmae}}}]"),
            """
            web/pod.yaml:9:55: spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.nmae": \
            supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", \
            "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"
              hint: did you mean "metadata.name"?
            """),
        Case(
            "a field without keys",
            manifest(container: "env: [{name: A, valueFrom: {fieldRef: {fieldPath: \"spec['x']\"}}}]"),
            """
            web/pod.yaml:9:43: spec.containers[0].env[0].valueFrom.fieldRef: Invalid value: "spec": does not support subscript
            """),
        Case(
            "a unit that does not fit",
            manifest(
                container: "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1Mi}}}]"),
            """
            web/pod.yaml:9:83: spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "1Mi": only \
            divisor's values 1m and 1 are supported with the cpu resource
            """),
        Case(
            "a unit that does not fit the disk",
            manifest(
                container: "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.ephemeral-storage, "
                    + "divisor: 1m}}}]"),
            """
            web/pod.yaml:9:97: spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "1m": only \
            divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the local \
            ephemeral storage resource
            """),
        Case(
            "a resource that nobody is told",
            manifest(container: "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.gpu}}}]"),
            """
            web/pod.yaml:9:62: spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Unsupported value: \
            "limits.gpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", \
            "requests.ephemeral-storage", "requests.memory"
            """),
        Case(
            "the resources of a container that is not there, in a variable",
            manifest(
                container:
                    "env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, containerName: ngnix}}}]"),
            """
            web/pod.yaml:9:89: spec.containers[0].env[0].valueFrom.resourceFieldRef.containerName: Not found: "ngnix"
              hint: did you mean "nginx"?
            """),
        Case(
            "the resources of a container that is not there, in files",
            manifest(
                spec: """
                    volumes:
                      - name: v
                        downwardAPI:
                          items:
                          - path: a
                            resourceFieldRef: {containerName: sidecar, resource: limits.cpu}
                      - name: w
                        projected:
                          sources:
                          - downwardAPI:
                              items:
                              - path: a
                                resourceFieldRef: {containerName: other, resource: limits.cpu}
                    """),
            """
            web/pod.yaml:11:43: spec.volumes[0].downwardAPI.items[0].resourceFieldRef.containerName: Not found: "sidecar"
              hint: name one of the Pod's own containers
            """,
            """
            web/pod.yaml:18:47: spec.volumes[1].projected.sources[0].downwardAPI.items[0].resourceFieldRef.containerName: \
            Not found: "other"
              hint: name one of the Pod's own containers
            """),
        Case(
            "all variables of nothing", manifest(container: "envFrom: [{prefix: A_}]"),
            """
            web/pod.yaml:9:15: spec.containers[0].envFrom[0]: Invalid value: "": must specify one of: `configMapRef` \
            or `secretRef`
            """),
    ]

    private static func demand(_ requirement: String, of kind: String = "matchExpressions") -> String {
        manifest(
            spec: """
                affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms:
                        - \(kind):
                          - \(requirement)
                """)
    }

    private static let at =
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"

    static let nodes: [Case] = [
        Case(
            "no value to choose a node by", demand("{key: a, operator: In}"),
            """
            web/pod.yaml:11:13: \(at).matchExpressions[0].values: Required value: must be specified when `operator` is \
            'In' or 'NotIn'
            """),
        Case(
            "a value that says nothing", demand("{key: a, operator: Exists, values: [b]}"),
            """
            web/pod.yaml:11:48: \(at).matchExpressions[0].values: Forbidden: may not be specified when `operator` is \
            'Exists' or 'DoesNotExist'
            """),
        Case(
            "a bound that is no number", demand("{key: a, operator: Gt, values: [b]}"),
            "web/pod.yaml:11:45: \(at).matchExpressions[0].values[0]: Invalid value: \"b\": must be a whole number"),
        Case(
            "two bounds", demand("{key: a, operator: Lt, values: [\"1\", \"2\"]}"),
            """
            web/pod.yaml:11:44: \(at).matchExpressions[0].values: Required value: must be specified single value when \
            `operator` is 'Lt' or 'Gt'
            """),
        Case(
            "an operator in another case", demand("{key: a, operator: exists}"),
            """
            web/pod.yaml:11:32: \(at).matchExpressions[0].operator: Unsupported value: "exists": supported values: \
            "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"
              hint: did you mean "Exists"?
            """),
        Case(
            "a field that nodes are not chosen by",
            demand("{key: metadata.uid, operator: Gt, values: [\"1\"]}", of: "matchFields"),
            """
            web/pod.yaml:11:19: \(at).matchFields[0].key: Invalid value: "metadata.uid": not a valid field selector key
              hint: the only field to choose nodes by is "metadata.name"
            """,
            """
            web/pod.yaml:11:43: \(at).matchFields[0].operator: Invalid value: "Gt": not a valid selector operator
              hint: use "In" or "NotIn"
            """),
        Case(
            "no terms",
            manifest(
                spec: "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
                    + "{nodeSelectorTerms: []}}}"),
            """
            web/pod.yaml:6:78: \(at.dropLast(3)): Required value
            """),
        Case(
            "a toleration of everything that is not said to be one",
            manifest(spec: "tolerations: [{effect: NoExecute}]"),
            """
            web/pod.yaml:6:17: spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` \
            is empty, which means "match all values and all keys"
            """),
        Case(
            "a toleration with a value too many",
            manifest(spec: "tolerations: [{key: a, operator: Exists, value: b}]"),
            """
            web/pod.yaml:6:51: spec.tolerations[0].value: Invalid value: "b": value must be empty when `operator` is \
            'Exists'
            """),
        Case(
            "a toleration of an unknown effect",
            manifest(spec: "tolerations: [{key: a, value: b, effect: NoSchedul}]"),
            """
            web/pod.yaml:6:44: spec.tolerations[0].effect: Unsupported value: "NoSchedul": supported values: \
            "NoSchedule", "PreferNoSchedule", "NoExecute"
              hint: did you mean "NoSchedule"?
            """),
        Case(
            "a label to choose a node by that no node can have", manifest(spec: "nodeSelector: {a: \"b c\"}"),
            """
            web/pod.yaml:6:18: spec.nodeSelector[a]: Invalid value: "b c": a valid label must be an empty string or \
            consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character \
            (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is \
            '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
            """),
    ]

    static let kinds: [Case] = [
        Case(
            "a kind of Kubernetes", "apiVersion: apps/v1\nkind: Deployment",
            """
            web/pod.yaml:2:7: kind "Deployment" (apps/v1) is not supported by this version
              hint: supported kinds: Pod, ConfigMap, Secret, Namespace, List
            """),
        Case(
            "a kind in the wrong group", "apiVersion: extensions/v1beta1\nkind: Deployment",
            """
            web/pod.yaml:2:7: apiVersion "extensions/v1beta1" has no kind "Deployment"
              hint: did you mean apiVersion "apps/v1"?
            """),
        Case(
            "a kind nobody knows", "apiVersion: v1\nkind: Pdo",
            """
            web/pod.yaml:2:7: unknown kind "Pdo" (v1)
              hint: did you mean "Pod"?
            """),
        Case(
            "no kind", "apiVersion: v1",
            """
            web/pod.yaml:1:1: kind: Required value
              hint: write "kind: Pod"
            """),
        Case(
            "no apiVersion", manifest().replacing("apiVersion: v1\n", with: ""),
            "web/pod.yaml:1:1: apiVersion: Required value"),
        Case(
            "another apiVersion", manifest().replacing("v1\n", with: "v2\n"),
            "web/pod.yaml:1:13: apiVersion: expected \"v1\", found the string \"v2\""),
        Case(
            "text instead of an object", "hello",
            "web/pod.yaml:1:1: expected an object with apiVersion and kind, found a string"),
        Case(
            "a list instead of an object", "- a",
            "web/pod.yaml:1:1: expected an object with apiVersion and kind, found a list"),
    ]

    static let syntax: [Case] = [
        Case(
            "a tab", "a:\n\tb: 1",
            """
            web/pod.yaml:2:1: a value cannot begin with this character
              hint: put the value in quotes; indent with spaces, never with tabs
            """),
        Case(
            "a colon too many", "a: b: c",
            """
            web/pod.yaml:1:5: a ":" cannot stand here
              hint: check the indentation of this line and the one before; put a value that contains ": " in quotes
            """),
        Case(
            "a key in another column", "a: 1\n b: 2",
            """
            web/pod.yaml:2:3: a ":" cannot stand here
              hint: check the indentation of this line and the one before; put a value that contains ": " in quotes
            """),
        Case("a missing quote", "a: \"b\n", "web/pod.yaml:2:1: a closing quote is missing"),
        Case("a missing bracket", "a: [b\nc: d", "web/pod.yaml:2:2: a \",\" or \"]\" is missing"),
        Case(
            "a control character", "a: 1\nb: \u{1}",
            """
            web/pod.yaml:2:4: a control character is not allowed in YAML
              hint: remove it
            """),
        Case(
            "a directive", "%YAML 1.1\n---\n",
            """
            web/pod.yaml:2:1: the document ends before this line
              hint: separate documents by a line with "---"; directives such as %YAML are not read
            """),
        Case(
            "a key twice", manifest(container: "image: nginx"),
            """
            web/pod.yaml:9:5: key "image" is written twice, first in line 8
              hint: remove one of them
            """),
        Case(
            "an alias without an anchor", manifest(container: "args: [*a]"),
            """
            web/pod.yaml:9:12: the alias *a has no anchor
              hint: write &a before the value it stands for, in the same document
            """),
        Case(
            "infinity", manifest(container: "args: [.inf]"),
            """
            web/pod.yaml:9:12: the number .inf has no JSON form
              hint: put it in quotes if it is text
            """),
    ]
}
