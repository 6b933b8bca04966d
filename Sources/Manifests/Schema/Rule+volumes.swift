// What Kubernetes demands of volumes and mounts (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == Volume {
    /// Exactly one kind (`validateVolumeSource`).
    static var oneKind: Rule {
        Rule { volume in
            volume.kindCount > 1
                ? [Violation(message: "Forbidden: may not specify more than 1 volume type")] : []
        }
    }
}

extension Rule where Value == DownwardAPIFile {
    /// Exactly one source (`validateDownwardAPIVolumeFile`).
    static var oneSource: Rule {
        Rule { file in
            switch (file.fieldRef, file.resourceFieldRef) {
            case (nil, nil): [Violation(message: "Required value: one of fieldRef and resourceFieldRef is required")]
            case (.some, .some):
                [
                    Violation(
                        message: "Invalid value: \"resource\": fieldRef and resourceFieldRef can not be specified "
                            + "simultaneously")
                ]
            default: []
            }
        }
    }
}

extension Rule where Value == ResourceFieldSelector {
    /// A file is of no container unless it says so.
    static var namesContainer: Rule {
        Rule { $0.containerName == nil ? [Violation(message: "Required value", place: [.field("containerName")])] : [] }
    }
}

extension Rule where Value == VolumeProjection {
    /// Exactly one source (`validateProjectionSources`).
    static var oneSource: Rule {
        Rule { source in
            let count = [source.configMap != nil, source.secret != nil, source.downwardAPI != nil].count { $0 }
            if count == 1 { return [] }
            return [
                Violation(
                    message: count == 0
                        ? "Required value: at least one source is required"
                        : "Forbidden: may not specify more than 1 volume type")
            ]
        }
    }
}

extension Rule where Value == VolumeMount {
    /// What a mount's parts demand of each other (`ValidateVolumeMounts`, `validateMountRecursiveReadOnly`).
    static var consistent: Rule {
        Rule { mount in
            var violations: [Violation] = []
            if mount.subPath != nil, mount.subPathExpr != nil {
                violations.append(
                    Violation(
                        message: "Invalid value: \(mount.subPathExpr?.quoted ?? ""): subPathExpr and subPath are "
                            + "mutually exclusive", place: [.field("subPathExpr")]))
            }
            guard mount.recursiveReadOnly == .enabled || mount.recursiveReadOnly == .ifPossible else {
                return violations
            }
            let place: [FieldPath.Step] = [.field("recursiveReadOnly")]
            if !mount.readOnly {
                violations.append(
                    Violation(message: "Forbidden: may only be specified when readOnly is true", place: place))
            }
            if let propagation = mount.mountPropagation, propagation != MountPropagation.none {
                violations.append(
                    Violation(
                        message: "Forbidden: may only be specified when mountPropagation is None or not specified",
                        place: place))
            }
            return violations
        }
    }
}

extension Rule where Value == [VolumeMount] {
    /// No two at one place (`ValidateVolumeMounts`).
    static var uniquePlaces: Rule {
        Rule { mounts in
            var seen: Set<String> = []
            return mounts.enumerated().compactMap { index, mount in
                if seen.insert(mount.mountPath).inserted { return nil }
                return Violation(
                    message: "Invalid value: \(mount.mountPath.quoted): must be unique",
                    place: [.index(index), .field("mountPath")])
            }
        }
    }
}

extension Rule where Value == PodSpec {
    /// What is mounted is there (`ValidateVolumeMounts`).
    static var mountsVolumes: Rule {
        Rule { spec in
            let names = Set(spec.volumes.map(\.name))
            return [("initContainers", spec.initContainers), ("containers", spec.containers)].flatMap {
                list, containers in
                containers.enumerated().flatMap { index, container in
                    unknownMounts(of: container, names, at: [.field(list), .index(index), .field("volumeMounts")])
                }
            }
        }
    }

    private static func unknownMounts(
        of container: Container, _ names: Set<String>, at place: [FieldPath.Step]
    ) -> [Violation] {
        container.volumeMounts.enumerated().filter { !names.contains($1.name) }.map { index, mount in
            Violation(
                message: "Not found: \(mount.name.quoted)",
                hint: Nearest.name(to: mount.name, in: names.sorted()).map { "did you mean \($0.quoted)?" }
                    ?? "define it in spec.volumes",
                place: place + [.index(index), .field("name")])
        }
    }
}

extension Rule where Value == Int {
    /// Permissions of a file.
    static var fileMode: Rule {
        .value(shownAs: { String($0) }) {
            (0...0o777).contains($0) ? [] : ["must be a number between 0 and 0777 (octal), both inclusive"]
        }
    }
}

extension Rule where Value == String {
    /// No step to the directory above (`validatePathNoBacksteps`).
    static var withoutStepsBack: Rule {
        .value(shownAs: { $0.quoted }) { hasStepBack($0) ? ["must not contain '..'"] : [] }
    }

    /// A whole path.
    static var absolute: Rule {
        .value(shownAs: { $0.quoted }) { $0.hasPrefix("/") ? [] : ["must be an absolute path"] }
    }

    /// A path below something (`validateLocalDescendingPath`).
    static var descending: Rule {
        .value(shownAs: { $0.quoted }) {
            ($0.hasPrefix("/") ? ["must be a relative path"] : []) + (hasStepBack($0) ? ["must not contain '..'"] : [])
        }
    }

    /// The same for a file of a volume, whose own names begin with two dots (`validateLocalNonReservedPath`).
    static var filePath: Rule {
        .value(shownAs: { $0.quoted }) {
            ($0.hasPrefix("/") ? ["must be a relative path"] : []) + (hasStepBack($0) ? ["must not contain '..'"] : [])
                + ($0.hasPrefix("..") && !hasStepBack($0) ? ["must not start with '..'"] : [])
        }
    }

    /// Anywhere in the container but its root.
    static var placeInRoot: Rule {
        .value(shownAs: { $0.quoted }) {
            $0.split(separator: "/").allSatisfy { $0 == "." } ? ["must not be the root of the container"] : []
        }
    }

    private static func hasStepBack(_ path: String) -> Bool { path.split(separator: "/").contains("..") }
}
