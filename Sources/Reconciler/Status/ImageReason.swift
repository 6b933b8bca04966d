/// The kubelet's words for what keeps an image from being there (kubernetes `pkg/kubelet/images/types.go`).
enum ImageReason {
    /// The pull failed.
    static let pullFailed = "ErrImagePull"
    /// It is not trusted: not signed, say.
    static let untrusted = "SignatureValidationFailed"
    /// The pull failed, and is held back for a while.
    static let heldBack = "ImagePullBackOff"
    /// It is not here and must not be pulled.
    static let neverPull = "ErrImageNeverPull"
    /// Its name is none.
    static let invalidName = "InvalidImageName"
    /// What the node has of it cannot be read.
    static let inspectFailed = "ImageInspectError"
    /// Those that lead to `heldBack`.
    static let ofPull: Set = [pullFailed, untrusted]
}
