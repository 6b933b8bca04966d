import GitSource
import Glibc
import Linux
import Testing

@Suite("The clone")
struct CloneTests {
    @Test("only the wanted ref is fetched, and then only what is new")
    func onlyWanted() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let unwanted = try await repository.push(["secret.yaml": "two"], to: "other")
            try await repository.git("reset", "-q", "--hard", "origin/main")
            let source = repository.source()

            _ = try await source.snapshot()
            try await repository.push(["pod.yaml": "three"])
            _ = try await source.snapshot()

            let objects = try await repository.run(
                "/usr/bin/git", "-C", repository.clone, "cat-file", "--batch-check=%(objectname)", "--batch-all-objects"
            )
            // Two commits, each with a tree and a file.
            #expect(objects.split(separator: "\n").count == 6)
            #expect(!objects.contains(unwanted))
            #expect(
                try await repository.run("/usr/bin/git", "-C", repository.clone, "count-objects", "-v")
                    .contains("in-pack: 6\npacks: 2"))
            try await repository.run("/usr/bin/git", "-C", repository.clone, "fsck", "--strict")
        }
    }

    @Test("a clone of another repository is replaced")
    func otherURL() async throws {
        try await TestRepository.with { first in
            try await TestRepository.with { second in
                try await first.push(["pod.yaml": "first"])
                try await second.push(["pod.yaml": "second"])
                _ = try await first.source().snapshot()

                let snapshot = try await second.source(clone: first.clone).snapshot()

                #expect(snapshot.texts == ["pod.yaml": "second"])
                let refs = try await first.run("/usr/bin/git", "-C", first.clone, "rev-list", "--all")
                #expect(refs == snapshot.commit.revision.commit)
            }
        }
    }

    @Test("a directory with files of somebody else is left alone")
    func foreign() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let clone = "\(repository.directory)/checkout"

            #expect(
                await report { try await repository.source(clone: clone).snapshot() }
                    == "\(clone) holds files but no clone of ours; move them away, or choose another state directory")
            #expect(access("\(clone)/pod.yaml", F_OK) == 0)
        }
    }

    @Test("locks and half packs of a killed worker are swept away")
    func leftovers() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            _ = try await repository.source().snapshot()
            let names = [
                "HEAD.lock", "config.lock", "packed-refs.lock", "refs/reconcile/wanted.lock",
                "objects/pack/pack_git2_a1B2c3", "objects/pack/pack-\(String(repeating: "0", count: 40)).idx",
            ]
            for name in names { _ = try Descriptor.open("\(repository.clone)/\(name)", O_WRONLY | O_CREAT) }

            try await repository.push(["pod.yaml": "two"])

            #expect(try await repository.source().snapshot().texts == ["pod.yaml": "two"])
            for name in names { #expect(access("\(repository.clone)/\(name)", F_OK) == -1) }
        }
    }

    @Test(
        "a damaged clone is made anew",
        arguments: [
            "rm HEAD", "rm -r refs", "rm -r objects", ": >HEAD", "echo nonsense >refs/reconcile/wanted", ": >config",
            "rm objects/pack/*.pack", "for p in objects/pack/*.pack; do chmod u+w $p; : >$p; done",
            "for p in objects/pack/*.pack; do chmod u+w $p; printf XXXXXXXX | dd of=$p bs=1 seek=20 conv=notrunc; done",
            ": >reconcile-agent", "find . -mindepth 1 -not -name reconcile-agent -delete",
        ])
    func damaged(how: String) async throws {
        try await TestRepository.with { repository in
            let commit = try await repository.push(["pod.yaml": "one"])
            _ = try await repository.source().snapshot()

            try await repository.run("/bin/sh", "-c", "cd \(repository.clone) && \(how)")

            let snapshot = try await repository.source().snapshot()
            #expect(snapshot.commit.revision.commit == commit)
            #expect(snapshot.texts == ["pod.yaml": "one"])
        }
    }

    @Test("the damage for which a clone was made anew is told once")
    func toldDamage() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            #expect(try await repository.source().snapshot().repairedDamage == nil)

            try await repository.run("/bin/sh", "-c", ": >\(repository.clone)/refs/reconcile/wanted")

            #expect(try await repository.source().snapshot().repairedDamage?.contains("corrupted") == true)
            #expect(try await repository.source().snapshot().repairedDamage == nil)
        }
    }

    @Test("a clone that cannot be made is reported with the reason")
    func unusable() async throws {
        try await TestRepository.with { repository in
            try await repository.push(["pod.yaml": "one"])
            let clone = "\(repository.directory)/absent/source"

            #expect(
                await report { try await repository.source(clone: clone).snapshot() }
                    == "cannot use the clone in \(clone), nor make it anew: "
                    + "mkdir \(clone): No such file or directory; check the disk's space and health")
        }
    }

    @Test("many pushes do not pile up packs")
    func packs() async throws {
        try await TestRepository.with { repository in
            let source = repository.source()
            try await repository.push(["pod.yaml": "one"])
            _ = try await source.snapshot()
            try await repository.run(
                "/bin/sh", "-c",
                """
                cd \(repository.clone)/objects/pack
                for p in pack-*.pack; do
                    for n in $(seq 10 80); do
                        for e in pack idx; do cp ${p%.pack}.$e pack-$n$(printf %038d 0).$e; done
                    done
                done
                """)

            let commit = try await repository.push(["pod.yaml": "two"])

            #expect(try await source.snapshot().commit.revision.commit == commit)
            let count = try await repository.run("/usr/bin/git", "-C", repository.clone, "count-objects", "-v")
            #expect(count.contains("packs: 1\n"))
        }
    }

    @Test("a fetch that is killed at any moment, fifty times, is made good by the next")
    func killed() async throws {
        try await TestRepository.with { repository in
            try await repository.run(
                "/bin/sh", "-c", "head -c 4000000 /dev/urandom >\(repository.directory)/checkout/large.bin")
            var commit = try await repository.push(["pod.yaml": "0"])
            let start = ContinuousClock.now
            _ = try await repository.source(clone: "\(repository.directory)/measure").snapshot()
            let whole = Int((ContinuousClock.now - start) / .milliseconds(1))
            var killed = 0
            // Follows the machine, so that about half of the fetches are cut off, anywhere in their course.
            var limit = max(12, whole)

            for round in 1...50 {
                // A small push is fetched onto what is there, a new clone now and then from nothing.
                if round % 10 == 0 { try await repository.run("/bin/rm", "-rf", repository.clone) }
                if round % 5 == 0 { commit = try await repository.push(["pod.yaml": "\(round)"]) }
                let timeout = Duration.milliseconds(Int.random(in: 5...limit))
                do {
                    let snapshot = try await repository.source(timeout: timeout).snapshot()
                    #expect(snapshot.commit.revision.commit == commit)
                    limit = max(12, limit * 3 / 4)
                } catch GitSourceError.timedOut {
                    killed += 1
                    limit += limit / 4
                }
            }

            #expect(killed > 10)
            let snapshot = try await repository.source(timeout: .seconds(60)).snapshot()
            #expect(snapshot.commit.revision.commit == commit)
            #expect(snapshot.texts == ["pod.yaml": "50"])
            try await repository.run("/usr/bin/git", "-C", repository.clone, "fsck", "--strict")
            let leftovers = try await repository.run(
                "/usr/bin/find", repository.clone, "-name", "*.lock", "-o", "-name", "pack_*", "-o", "-name", "tmp_*")
            #expect(leftovers == "")
        }
    }
}
