import Glibc

@testable import Cgroups

/// A tree below a parent of this call's own; whatever the test leaves there is killed and removed.
func withTree(_ body: (CgroupTree) throws -> Void) throws {
    let name = "reconcile-agent-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let tree = try CgroupTree.detect(parent: name, instance: name)
    defer {
        for pod in (try? tree.pods()) ?? [] {
            // Who is killed is gone a moment later, on a busy machine a long one.
            for _ in 0..<2000 {
                try? tree.kill(pod: pod)
                if (try? tree.removePod(pod)) != nil { break }
                usleep(5000)
            }
        }
        try? tree.teardown()
    }
    try body(tree)
}

func withPod(_ body: (CgroupTree) throws -> Void) throws {
    try withTree { tree in
        try tree.prepare()
        try tree.makePod("web")
        try body(tree)
    }
}
