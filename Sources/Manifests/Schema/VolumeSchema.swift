// The tables of volumes, Kubernetes v1.36.

extension Volume {
    static let schema = ObjectSchema(
        "Volume", blank: { Volume(name: "") },
        [
            .field("name", \.name, .string.obeying(.dnsLabel), required: true),
            .optional("emptyDir", \.emptyDir, EmptyDirVolume.schema.shape, evenEmpty: true),
            .optional("hostPath", \.hostPath, HostPathVolume.schema.shape),
            .optional("configMap", \.configMap, ObjectVolume.configMapSchema.shape),
            .optional("secret", \.secret, ObjectVolume.secretSchema.shape),
            .optional("downwardAPI", \.downwardAPI, DownwardAPIVolume.schema.shape, evenEmpty: true),
            .optional("projected", \.projected, ProjectedVolume.schema.shape, evenEmpty: true),
            .optional("persistentVolumeClaim", \.persistentVolumeClaim, ClaimVolume.schema.shape),
            .optional("image", \.image, ImageVolume.schema.shape),
            .refused("nfs", instead: "mount it on the node, and use \"hostPath\"", evenEmpty: true),
            .refused("csi", instead: "mount it on the node, and use \"hostPath\"", evenEmpty: true),
            .refused("ephemeral", instead: "use \"emptyDir\"", evenEmpty: true),
            .refused("gitRepo", instead: "Kubernetes has none any more: fetch it in the container", evenEmpty: true),
        ]
            + [
                "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume", "flocker",
                "gcePersistentDisk", "glusterfs", "iscsi", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd",
                "scaleIO", "storageos", "vsphereVolume",
            ].map { .refused($0, instead: "mount it on the node, and use \"hostPath\"", evenEmpty: true) },
        complete: { $0.fillInKind() })
}

extension EmptyDirVolume {
    static let schema = ObjectSchema(
        "EmptyDirVolumeSource", blank: { EmptyDirVolume() },
        [
            .field("medium", \.medium, .word(refused: ["HugePages"])),
            .optional("sizeLimit", \.sizeLimit, .bytes),
            .refused("mode", instead: "set the mode of the directory in the container"),
        ])
}

extension HostPathVolume {
    static let schema = ObjectSchema(
        "HostPathVolumeSource", blank: { HostPathVolume(path: "") },
        [
            .field("path", \.path, .string.obeying(.withoutStepsBack, .absolute), required: true),
            .field("type", \.type, .word()),
        ])
}

extension ObjectVolume {
    static let configMapSchema = ObjectSchema(
        "ConfigMapVolumeSource", blank: { ObjectVolume(name: "") },
        [.field("name", \.name, .string.obeying(.dnsSubdomain), required: true)] + fields)

    static let secretSchema = ObjectSchema(
        "SecretVolumeSource", blank: { ObjectVolume(name: "") },
        [.field("secretName", \.name, .string.obeying(.dnsSubdomain), required: true)] + fields)

    /// In a projected volume, whose mode goes for all.
    static let projectionSchema = ObjectSchema(
        "ObjectProjection", blank: { ObjectVolume(name: "") },
        [.field("name", \.name, .string.obeying(.dnsSubdomain), required: true), items, optional])

    private static let fields: [FieldSchema<ObjectVolume>] = [
        items, optional, .field("defaultMode", \.defaultMode, .integer.obeying(.fileMode), default: .value(0o644)),
        .refused("defaultUser", instead: "files belong to root: remove it"),
    ]
    private static let items: FieldSchema<ObjectVolume> = .field("items", \.items, .list(of: KeyToPath.schema.shape))
    private static let optional: FieldSchema<ObjectVolume> = .optional("optional", \.optional, .boolean)
}

extension KeyToPath {
    static let schema = ObjectSchema(
        "KeyToPath", blank: { KeyToPath(key: "", path: "") },
        [
            .field("key", \.key, .string, required: true),
            .field("path", \.path, .string.obeying(.filePath), required: true),
            .optional("mode", \.mode, .integer.obeying(.fileMode)),
            .refused("user", instead: "files belong to root: remove it"),
        ])
}

extension DownwardAPIVolume {
    static let schema = ObjectSchema(
        "DownwardAPIVolumeSource", blank: { DownwardAPIVolume() },
        [
            items,
            .field("defaultMode", \.defaultMode, .integer.obeying(.fileMode), default: .value(0o644)),
            .refused("defaultUser", instead: "files belong to root: remove it"),
        ])

    /// In a projected volume, whose mode goes for all.
    static let projectionSchema = ObjectSchema("DownwardAPIProjection", blank: { DownwardAPIVolume() }, [items])

    private static let items: FieldSchema<DownwardAPIVolume> = .field(
        "items", \.items, .list(of: DownwardAPIFile.schema.shape.obeying(.oneSource)))
}

extension DownwardAPIFile {
    static let schema = ObjectSchema(
        "DownwardAPIVolumeFile", blank: { DownwardAPIFile(path: "") },
        [
            .field("path", \.path, .string.obeying(.filePath), required: true),
            .optional("fieldRef", \.fieldRef, ObjectFieldSelector.schema.shape.obeying(.fileField)),
            .optional(
                "resourceFieldRef", \.resourceFieldRef,
                ResourceFieldSelector.schema.shape.obeying(.resourceField, .namesContainer)),
            .optional("mode", \.mode, .integer.obeying(.fileMode)),
            .refused("user", instead: "files belong to root: remove it"),
        ])
}

extension ProjectedVolume {
    static let schema = ObjectSchema(
        "ProjectedVolumeSource", blank: { ProjectedVolume() },
        [
            .field("sources", \.sources, .list(of: VolumeProjection.schema.shape.obeying(.oneSource))),
            .field("defaultMode", \.defaultMode, .integer.obeying(.fileMode), default: .value(0o644)),
            .refused("defaultUser", instead: "files belong to root: remove it"),
        ])
}

extension VolumeProjection {
    static let schema = ObjectSchema(
        "VolumeProjection", blank: { VolumeProjection() },
        [
            .optional("configMap", \.configMap, ObjectVolume.projectionSchema.shape),
            .optional("secret", \.secret, ObjectVolume.projectionSchema.shape),
            .optional("downwardAPI", \.downwardAPI, DownwardAPIVolume.projectionSchema.shape, evenEmpty: true),
            .refused("serviceAccountToken", instead: "there is no API server to have a token for", evenEmpty: true),
            .refused("clusterTrustBundle", instead: "put the certificates into a ConfigMap", evenEmpty: true),
            .refused("podCertificate", instead: "put the certificate into a Secret", evenEmpty: true),
        ])
}

extension ClaimVolume {
    static let schema = ObjectSchema(
        "PersistentVolumeClaimVolumeSource", blank: { ClaimVolume(claimName: "") },
        [
            .field("claimName", \.claimName, .string.obeying(.dnsSubdomain), required: true),
            .field("readOnly", \.readOnly, .boolean),
        ])
}

extension ImageVolume {
    static let schema = ObjectSchema(
        "ImageVolumeSource", blank: { ImageVolume(reference: "") },
        [
            .field("reference", \.reference, .string.obeying(.untrimmed), required: true),
            .field("pullPolicy", \.pullPolicy, .word(), default: .following { .implied(by: $0.reference) }),
        ])
}

extension VolumeMount {
    static let schema = ObjectSchema(
        "VolumeMount", blank: { VolumeMount(name: "", mountPath: "") },
        [
            .field("name", \.name, .string, required: true),
            .field("mountPath", \.mountPath, .string.obeying(.placeInRoot), required: true),
            .field("readOnly", \.readOnly, .boolean),
            .optional("subPath", \.subPath, .string.obeying(.descending)),
            .optional("subPathExpr", \.subPathExpr, .string.obeying(.descending)),
            .optional("mountPropagation", \.mountPropagation, .word()),
            .optional("recursiveReadOnly", \.recursiveReadOnly, .word()),
            .refused("bindMountOptions", instead: "volumes are mounted without options of their own: remove them"),
        ])

    /// The table with what its parts demand of each other.
    static let shape: Shape<VolumeMount> = schema.shape.obeying(.consistent)
}
