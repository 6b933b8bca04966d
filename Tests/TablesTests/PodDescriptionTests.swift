import Manifests
import PodModel
import Tables
import Testing

@Suite("Pods are described as kubectl describe describes them") struct PodDescriptionTests {
    /// 2026-11-23T18:10:00Z.
    private let now = WallTime(nanoseconds: 1_795_457_400 * 1_000_000_000)

    private func page(_ pod: JSONValue, events: [EventSeries]? = nil) -> String {
        PodDescription(pod, events: events, source: "reconcile-agent", now: now).text
    }

    private let running: JSONValue = [
        "metadata": [
            "name": "nginx-pod", "namespace": "blue", "labels": ["app": "web", "tier": "front"],
            "creationTimestamp": "2026-11-23T18:09:29Z",
        ],
        "spec": [
            "nodeName": "node-1", "restartPolicy": "Always",
            "containers": [
                [
                    "name": "nginx-container", "image": "nginx:1.14",
                    "ports": [["containerPort": 80, "protocol": "TCP"]],
                    "resources": [
                        "limits": ["cpu": "1", "memory": "500Mi"], "requests": ["cpu": "200m", "memory": "250Mi"],
                    ],
                    "env": [["name": "MYVAR", "value": "testValue"]],
                ]
            ],
        ],
        "status": [
            "phase": "Running", "podIP": "10.88.0.2", "podIPs": [["ip": "10.88.0.2"]], "hostIP": "192.0.2.1",
            "startTime": "2026-11-23T18:09:29Z", "qosClass": "Burstable",
            "conditions": [
                ["type": "PodReadyToStartContainers", "status": "True"], ["type": "Ready", "status": "True"],
            ],
            "containerStatuses": [
                [
                    "name": "nginx-container", "containerID": "reconcile://0a1b", "imageID": "sha256:77", "ready": true,
                    "restartCount": 2, "state": ["running": ["startedAt": "2026-11-23T18:09:30Z"]],
                    "lastState": [
                        "terminated": [
                            "exitCode": 137, "reason": "OOMKilled", "startedAt": "2026-11-23T18:09:29Z",
                            "finishedAt": "2026-11-23T18:09:30Z",
                        ]
                    ],
                ]
            ],
        ],
    ]

    @Test("a running Pod, line by line")
    func full() {
        // Two spaces follow a condition's words in kubectl's page too.
        let ready = "  Ready                       True \n"
        #expect(
            page(running, events: []) == """
                Name:         nginx-pod
                Namespace:    blue
                Node:         node-1/192.0.2.1
                Start Time:   Mon, 23 Nov 2026 18:09:29 +0000
                Labels:       app=web
                              tier=front
                Annotations:  <none>
                Status:       Running
                IP:           10.88.0.2
                IPs:
                  IP:  10.88.0.2
                Containers:
                  nginx-container:
                    Container ID:   reconcile://0a1b
                    Image:          nginx:1.14
                    Image ID:       sha256:77
                    Port:           80/TCP
                    Host Port:      0/TCP
                    State:          Running
                      Started:      Mon, 23 Nov 2026 18:09:30 +0000
                    Last State:     Terminated
                      Reason:       OOMKilled
                      Exit Code:    137
                      Started:      Mon, 23 Nov 2026 18:09:29 +0000
                      Finished:     Mon, 23 Nov 2026 18:09:30 +0000
                    Ready:          True
                    Restart Count:  2
                    Limits:
                      cpu:     1
                      memory:  500Mi
                    Requests:
                      cpu:     200m
                      memory:  250Mi
                    Environment:
                      MYVAR:  testValue
                    Mounts:   <none>
                Conditions:
                  Type                        Status
                  PodReadyToStartContainers   True 
                \(ready)Volumes:                      <none>
                QoS Class:                    Burstable
                Node-Selectors:               <none>
                Tolerations:                  <none>
                Events:                       <none>

                """)
    }

    @Test("events stand at the end, each with its container")
    func events() {
        let event = PodEvent(
            pod: PodName(namespace: "blue", name: "nginx-pod"), uid: PodUID("u"), container: "app", type: .warning,
            reason: "BackOff", message: "Back-off restarting failed container app", at: now + .seconds(-4))
        let assigned = PodEvent(
            pod: event.pod, uid: event.uid, container: nil, type: .normal, reason: "Scheduled",
            message: "Successfully assigned blue/nginx-pod to node-1", at: now + .seconds(-31))

        let text = page(
            running,
            events: [
                EventSeries(event: assigned, count: 1, first: assigned.at),
                EventSeries(event: event, count: 4, first: now + .seconds(-120)),
            ])

        #expect(
            text.hasSuffix(
                """
                Events:
                  Type     Reason     Age              From             Message
                  ----     ------     ----             ----             -------
                  Normal   Scheduled  31s              reconcile-agent  Successfully assigned blue/nginx-pod to node-1
                  Warning  BackOff    4s (x4 over 2m)  reconcile-agent  spec.containers{app}: Back-off restarting failed container app

                """), "\(text)")
    }

    @Test("a Pod that nothing is known of yet has its words for it")
    func waiting() {
        let text = page([
            "metadata": ["name": "web", "namespace": "default"],
            "spec": ["containers": [["name": "app", "image": "nginx"]]], "status": ["phase": "Pending"],
        ])

        for line in [
            "Node:         <none>", "Labels:       <none>", "IPs:          <none>", "    Port:         <none>",
        ] {
            #expect(text.contains("\(line)\n"), "\(line) is not in \(text)")
        }
        #expect(!text.contains("Start Time"))
        #expect(!text.contains("Container ID"))
        #expect(!text.contains("Events"))
    }

    @Test("a Pod that ends says since when, and how long it may take")
    func ending() {
        let text = page([
            "metadata": [
                "name": "web", "deletionTimestamp": "2026-11-23T18:09:50Z", "deletionGracePeriodSeconds": 30,
            ],
            "spec": ["containers": []], "status": ["phase": "Running"],
        ])

        #expect(
            text.contains("Status:                    Terminating (lasts 10s)\nTermination Grace Period:  30s\n"),
            "\(text)")
        #expect(text.contains("Containers: <none>\n"))
    }

    @Test(
        "states of a container",
        arguments: [
            (
                ["waiting": ["reason": "CrashLoopBackOff"]] as JSONValue,
                "    State:          Waiting\n      Reason:       CrashLoopBackOff\n"
            ),
            ([:], "    State:          Waiting\n"),
            (
                [
                    "terminated": [
                        "reason": "StartError", "message": "no such file", "exitCode": 128,
                        "startedAt": "1970-01-01T00:00:00Z", "finishedAt": "2026-11-23T18:09:30Z",
                    ]
                ],
                "      Message:      no such file\n      Exit Code:    128\n      Started:      Thu, 01 Jan 1970 00:00:00 +0000\n"
            ),
        ] as [(JSONValue, String)])
    func states(state: JSONValue, lines: String) {
        let text = page([
            "metadata": ["name": "web"], "spec": ["containers": [["name": "app", "image": "nginx"]]],
            "status": ["containerStatuses": [["name": "app", "state": state, "ready": false, "restartCount": 0]]],
        ])

        #expect(text.contains(lines), "\(text)")
    }

    @Test(
        "fields of a container",
        arguments: [
            (
                ["command": ["sh", "-c"], "args": ["one\ntwo"]] as JSONValue,
                "    Command:\n      sh\n      -c\n    Args:\n      one\n      two\n"
            ),
            (
                [
                    "ports": [
                        ["containerPort": 80, "protocol": "TCP", "name": "http"],
                        ["containerPort": 53, "protocol": "UDP"],
                    ]
                ],
                "    Ports:        80/TCP (http), 53/UDP\n    Host Ports:   0/TCP (http), 0/UDP\n"
            ),
            (
                ["env": [["name": "A", "valueFrom": ["secretKeyRef": ["name": "s", "key": "k"]]]]],
                "      A:         <set to the key 'k' in secret 's'>  Optional: false\n"
            ),
            (
                ["env": [["name": "A", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]]],
                "      A:         web (v1:metadata.name)\n"
            ),
            (
                ["envFrom": [["configMapRef": ["name": "c"], "prefix": "P_"]]],
                "    Environment Variables from:\n      c           ConfigMap with prefix 'P_'  Optional: false\n"
            ),
            (
                ["livenessProbe": ["httpGet": ["path": "/", "port": 80, "scheme": "HTTP"]]],
                "    Liveness:     http-get http://:80/ delay=0s timeout=1s period=10s successThreshold=1 failureThreshold=3\n"
            ),
            (
                ["volumeMounts": [["name": "v", "mountPath": "/data", "readOnly": true]]],
                "    Mounts:\n      /data from v (ro)\n"
            ),
        ] as [(JSONValue, String)])
    func fields(fields: JSONValue, lines: String) {
        guard case .object(var container) = fields else { return }
        container["name"] = "app"
        container["image"] = "nginx"

        let text = page(["metadata": ["name": "web"], "spec": ["containers": [.object(container)]]])

        #expect(text.contains(lines), "\(text)")
    }

    @Test("annotations that are long or of several lines stand below their name, cut")
    func annotations() {
        let text = page([
            "metadata": [
                "name": "web",
                "annotations": ["a": "short", "b": "one\ntwo\n", "c": .string(String(repeating: "x", count: 150))],
            ]
        ])

        #expect(
            text.contains(
                """
                Annotations:  a: short
                              b:
                                one
                                two
                              c:
                                \(String(repeating: "x", count: 138))...

                """), "\(text)")
    }

    @Test("selectors, tolerations and volumes")
    func rest() {
        let text = page([
            "metadata": ["name": "web"],
            "spec": [
                "nodeSelector": ["disk": "ssd"],
                "tolerations": [["key": "gpu", "operator": "Exists", "effect": "NoSchedule"], ["operator": "Exists"]],
                "volumes": [["name": "v", "emptyDir": [:]], ["name": "w", "secret": ["secretName": "s"]]],
            ],
        ])

        #expect(
            text.contains(
                "Node-Selectors:  disk=ssd\nTolerations:     op=Exists\n                 gpu:NoSchedule op=Exists\n"),
            "\(text)")
        #expect(
            text.contains(
                "  w:\n    Type:        Secret (a volume populated by a Secret)\n    SecretName:  s\n    Optional:    false\n"
            ), "\(text)")
    }

    @Test("volumes of several sources, of what the Pod is, and claims")
    func volumes() {
        let text = page([
            "metadata": ["name": "web"],
            "spec": [
                "volumes": [
                    [
                        "name": "all",
                        "projected": [
                            "sources": [
                                ["configMap": ["name": "c"]], ["secret": ["name": "s", "optional": true]],
                                ["downwardAPI": ["items": []]],
                            ]
                        ],
                    ],
                    [
                        "name": "me",
                        "downwardAPI": [
                            "items": [["path": "labels", "fieldRef": ["fieldPath": "metadata.labels"]]]
                        ],
                    ],
                    ["name": "data", "persistentVolumeClaim": ["claimName": "db"]],
                    ["name": "model", "image": ["reference": "model:1", "pullPolicy": "IfNotPresent"]],
                ]
            ],
        ])

        #expect(
            text.contains(
                """
                  all:
                    Type:           Projected (a volume that contains injected data from multiple sources)
                    ConfigMapName:  c
                    Optional:       false
                    SecretName:     s
                    Optional:       true
                    DownwardAPI:    true
                  me:
                    Type:  DownwardAPI (a volume populated by information about the pod)
                    Items:
                      metadata.labels -> labels
                  data:
                    Type:        PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
                    ClaimName:   db
                    ReadOnly:    false
                  model:
                    Type:        Image (a container image or OCI artifact)
                    Reference:   model:1
                    PullPolicy:  IfNotPresent
                QoS Class:       BestEffort

                """), "\(text)")
    }
}
