import Testing

@Suite("Paths tell the story")
struct NameTests {
    @Test("no file is called after nothing", arguments: ["util", "helper", "manager", "common", "misc"])
    func namesSayWhatAFileHolds(word: String) {
        let folders = ["Sources", "Tests", "scripts", "docs", "Benchmarks"]
        let vague = folders.flatMap { SourceTree.files(below: $0) }.filter { path in
            path.split(separator: "/").contains { $0.lowercased().contains(word) }
        }

        #expect(vague.isEmpty, "name these after what they hold: \(vague)")
    }

    @Test("each folder of Tests is named after a room, the house or a scenario")
    func testsStandBesideTheirRoom() throws {
        let names = rooms.map(\.name) + ["Supervisor", "CommandLine", "House", "EndToEnd", "Conformance", "Support"]
        let strange = try SourceTree.folders(below: "Tests").filter { folder in
            !names.contains { folder == $0 || folder == "\($0)Tests" || folder == "\($0)Integration" }
        }

        #expect(strange.isEmpty, "rename to <Target>Tests or <Target>Integration: \(strange)")
    }
}
