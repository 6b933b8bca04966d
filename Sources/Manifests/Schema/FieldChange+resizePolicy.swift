extension FieldChange {
    /// The same change; of an amount that its container takes only with a restart, one that restarts it.
    ///
    /// - Parameter written: the manifest that is taken over, as its author wrote it.
    func following(resizePoliciesOf written: JSONValue) -> FieldChange {
        guard impact == .inPlace, let container, let resource = path.split(separator: ".").last else { return self }
        let restarts = written.policies(ofContainer: container).contains {
            $0["resourceName"]?.string == String(resource)
                && $0["restartPolicy"]?.string == ContainerResizePolicy.Restart.restartContainer.rawValue
        }
        return restarts ? FieldChange(path: path, impact: .restartContainer, container: container) : self
    }
}

extension JSONValue {
    /// What a Pod's manifest says of how a container is resized.
    fileprivate func policies(ofContainer name: String) -> [JSONValue] {
        for list in ["containers", "initContainers"] {
            guard case .array(let containers)? = self["spec"]?[list],
                let container = containers.first(where: { $0["name"]?.string == name })
            else { continue }
            if case .array(let policies)? = container["resizePolicy"] { return policies }
        }
        return []
    }
}
