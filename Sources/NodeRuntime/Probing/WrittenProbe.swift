import Manifests

/// A probe as manifests have it; `Probe` of the room of that name is one with its times and a handler of its own type.
typealias WrittenProbe = Probe
