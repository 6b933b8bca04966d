import ArgumentParser

/// `top pods` and `top node`: what runs here uses of the machine.
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what Pods, or the node, use of processors and memory.",
        usage: """
            reconcile-agent top pods [<name>] [-A | -n <name>] [-l <labels>]
            reconcile-agent top node
            """,
        discussion: """
            Answers whether or not an agent is running: looks twice, a second apart
            (--window), and shows the processors used in between, and the memory in use
            at the end.
            """,
        subcommands: [TopPods.self, TopNode.self])
}
