import Foundation
import Testing

@Suite("Tests wait no longer than they must")
struct WaitingTests {
    @Test("no loop that waits has its condition in a where clause, which is looked at to the end of the range")
    func loopsEnd() throws {
        let loops = try SourceTree.files(below: "Tests", ending: ".swift").filter { path in
            try SourceTree.text(of: path).contains(/for _ in [^{\n]*\s+where\s/)
        }

        #expect(loops.isEmpty, "leave the loop by a guard in it: \(loops)")
    }
}
