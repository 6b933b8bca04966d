import Foundation

/// The manifests that the scenarios are about.
enum Written {
    /// Scenario 1.
    static let nginxPod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: nginx-pod
          namespace: blue
        spec:
          containers:
            - name: nginx-container
              image: nginx:1.14
              ports:
                - containerPort: 80

        """

    /// Scenario 3.
    static let multipod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: multipod
        spec:
          containers:
            - name: nginx-container
              image: nginx:1.14
              ports:
                - containerPort: 80
            - name: centos-container
              image: centos:7
              command: ["sleep", "10000"]

        """

    /// Scenario 13.
    static let environmentPod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: nginx-pod-env
        spec:
          containers:
            - name: nginx-container
              image: nginx:1.14
              env:
                - name: MYVAR
                  value: testValue

        """

    /// A Pod that sleeps, and ends as soon as it is asked to.
    static func sleeper(_ name: String, seconds: Int) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: \(name)
        spec:
          containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; sleep \(seconds) & wait"]

        """
    }
}
