import Manifests

/// Loads one file, `web/pod.yaml` unless said otherwise.
func load(_ text: String, path: String = "web/pod.yaml") -> LoadedManifests {
    Manifests.load([ManifestFile(path: path, contents: Array(text.utf8))])
}

/// The findings as a person sees them.
func findings(in text: String) -> [String] { load(text).diagnostics.map(\.description) }

/// A Pod's manifest: a name, one container, and what a test adds, in the container's and the spec's indentation.
func manifest(metadata: String = "", spec: String = "", container: String = "") -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata:
      name: web\(metadata.isEmpty ? "" : "\n  " + metadata)
    spec:\(spec.isEmpty ? "" : "\n  " + spec)
      containers:
      - name: nginx
        image: nginx:1.14\(container.isEmpty ? "" : "\n    " + container)
    """
}
