import Manifests
import PodModel

/// Refuses applications that claim a Pod another one has: the owner so far keeps it, else the first by name.
///
/// A refused application falls back to its previous Pods, which may be what yet another one claims now, so this goes on
/// until nobody claims anything twice. It ends: each round refuses one application, and previous Pods are unique.
func refuseContestedPods(in applications: inout [ApplicationName: LoadedApplication], _ standing: PreviousStanding) {
    while let contest = Contest(in: applications, standing) {
        applications[contest.loser]?.diagnostics.append(contest.diagnostic)
    }
}

/// Two applications that claim one Pod.
private struct Contest {
    let loser: ApplicationName
    let owner: ApplicationName
    let claimed: LoadedPod
    /// Whether the owner has the Pod because it is refused, and stays as it was.
    let isOwnerRefused: Bool

    /// The first contest by the Pod's name; nil if there is none.
    init?(in applications: [ApplicationName: LoadedApplication], _ standing: PreviousStanding) {
        var kept: [PodName: ApplicationName] = [:]
        for (name, application) in applications where !application.isValid {
            for pod in standing.pods[name] ?? [] { kept[pod.name] = name }
        }
        let claims = applications.values.filter(\.isValid).sorted { $0.name < $1.name }
            .flatMap { application in application.pods.map { (application: application.name, pod: $0) } }
        let rivals = Dictionary(grouping: claims) { PodName($0.pod.pod) }
        for (name, rivals) in rivals.sorted(by: { $0.key < $1.key }) {
            let previousOwner = standing.byName[name]?.application
            let winner =
                kept[name] ?? rivals.first { $0.application == previousOwner }?.application ?? rivals[0].application
            guard let claim = rivals.first(where: { $0.application != winner }) else { continue }
            (loser, owner, claimed, isOwnerRefused) = (claim.application, winner, claim.pod, kept[name] != nil)
            return
        }
        return nil
    }

    var diagnostic: Diagnostic {
        let pod = PodName(claimed.pod)
        return isOwnerRefused
            ? Diagnostic(
                .error, at: claimed.position,
                "Pod \(pod) belongs to application \"\(owner)\", which has errors and stays as it was",
                hint: "mend \"\(owner)\" first")
            : Diagnostic(
                .error, at: claimed.position, "Pod \(pod) belongs to application \"\(owner)\" already",
                hint: "rename this Pod, or remove it from \"\(owner)\" first")
    }
}
