import Manifests
import PodModel

/// Refuses applications that claim an object another one has: the owner so far keeps it, else the first by name.
///
/// A refused application falls back to what it had, which may be what yet another one claims now, so this goes on until
/// nobody claims anything twice. It ends: each round refuses one application, and what stood before is unique.
func refuseContestedObjects(in applications: inout [ApplicationName: LoadedApplication], _ standing: PreviousStanding) {
    while let contest = Contest(in: applications, standing) {
        applications[contest.loser]?.diagnostics.append(contest.diagnostic)
    }
}

/// Two applications that claim one object.
private struct Contest {
    let loser: ApplicationName
    let owner: ApplicationName
    let claimed: Definition
    /// Whether the owner has the object because it is refused, and stays as it was.
    let isOwnerRefused: Bool

    /// The first contest by the object's name; nil if there is none.
    init?(in applications: [ApplicationName: LoadedApplication], _ standing: PreviousStanding) {
        var kept: [ObjectName: ApplicationName] = [:]
        for (name, application) in applications where !application.isValid {
            for object in standing.names(of: name) { kept[object] = name }
        }
        let claims = applications.values.filter(\.isValid).sorted { $0.name < $1.name }
            .flatMap { application in
                application.definitions.filter(\.isExclusive).map { (application: application.name, definition: $0) }
            }
        let rivals = Dictionary(grouping: claims) { $0.definition.name }
        for (name, rivals) in rivals.filter({ $1.count > 1 || kept[$0] != nil }).sorted(by: { $0.key < $1.key }) {
            let previousOwner = standing.owner(of: name)
            let winner =
                kept[name] ?? rivals.first { $0.application == previousOwner }?.application ?? rivals[0].application
            guard let claim = rivals.first(where: { $0.application != winner }) else { continue }
            (loser, owner, claimed, isOwnerRefused) = (claim.application, winner, claim.definition, kept[name] != nil)
            return
        }
        return nil
    }

    var diagnostic: Diagnostic {
        isOwnerRefused
            ? Diagnostic(
                .error, at: claimed.position,
                "\(claimed.name) belongs to application \"\(owner)\", which has errors and stays as it was",
                hint: "mend \"\(owner)\" first")
            : Diagnostic(
                .error, at: claimed.position, "\(claimed.name) belongs to application \"\(owner)\" already",
                hint: "rename this \(claimed.name.kind.rawValue), or remove it from \"\(owner)\" first")
    }
}

extension Definition {
    /// A Namespace may be defined by every application that has something in it: they mean the same one.
    fileprivate var isExclusive: Bool { name.kind != .namespace }
}
