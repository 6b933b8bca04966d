import Foundation
import PodModel
import Testing

@Suite("Identifiers") struct IdentifierTests {
    @Test("a random Pod UID is a version 4 UUID, another one each time")
    func randomUID() throws {
        var generator = SystemRandomNumberGenerator()

        let first = PodUID.random(using: &generator)
        let second = PodUID.random(using: &generator)

        #expect(first != second)
        #expect(first.text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }

    @Test("identifiers encode as plain strings, as values and as keys")
    func encoding() throws {
        let deletions = [PodUID("u1"): [ContainerID("c1")]]

        let json = String(decoding: try JSONEncoder().encode(deletions), as: UTF8.self)

        #expect(json == #"{"u1":["c1"]}"#)
        #expect(try JSONDecoder().decode([PodUID: [ContainerID]].self, from: Data(json.utf8)) == deletions)
    }
}
