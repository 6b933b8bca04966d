import PodNetwork
import Testing

@Suite("IPv4 addresses and networks")
struct AddressTests {
    @Test(
        "an address reads and prints as four decimal numbers", arguments: ["0.0.0.0", "10.88.0.2", "255.255.255.255"])
    func roundTrip(text: String) throws {
        #expect(try #require(IPv4Address(text)).description == text)
    }

    @Test(
        "anything else is no address",
        arguments: ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", "1..3.4", "1.2.3.4 ", "a.b.c.d"])
    func noAddress(text: String) { #expect(IPv4Address(text) == nil) }

    @Test("a network knows its first host and its broadcast address")
    func network() throws {
        let network = try #require(IPv4Subnet("10.88.0.0/16"))

        #expect(network.gateway.description == "10.88.0.1")
        #expect(network.broadcast.description == "10.88.255.255")
        #expect(network.description == "10.88.0.0/16")
    }

    @Test(
        "a network with host bits set is refused, as are odd prefixes",
        arguments: ["10.88.0.1/16", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0", "10.0.0.0/8/8"])
    func noNetwork(text: String) { #expect(IPv4Subnet(text) == nil) }

    @Test(
        "two networks overlap when one holds the other",
        arguments: [
            ("10.0.0.0/8", "10.88.0.0/16", true), ("10.88.0.0/16", "10.0.0.0/8", true),
            ("10.88.0.0/16", "10.89.0.0/16", false), ("0.0.0.0/0", "10.88.0.0/16", true),
        ])
    func overlap(first: String, second: String, expected: Bool) throws {
        let (left, right) = (try #require(IPv4Subnet(first)), try #require(IPv4Subnet(second)))

        #expect(left.overlaps(right) == expected)
    }

    @Test(
        "names the kernel would not take are refused",
        arguments: ["", "a/b", "rec 0", "..", "-x", "sixteen-letters-"])
    func bridgeName(name: String) throws {
        let subnet = try #require(IPv4Subnet("10.88.0.0/16"))

        #expect(throws: PodNetworkError.invalidBridgeName(name)) {
            try NodeNetwork(bridge: name, subnet: subnet, instance: "i")
        }
    }

    @Test("a network without room is refused", arguments: ["10.0.0.0/31", "10.0.0.0/32", "0.0.0.0/0"])
    func tooSmall(text: String) throws {
        let subnet = try #require(IPv4Subnet(text))

        #expect(throws: PodNetworkError.subnetTooSmall(subnet)) {
            try NodeNetwork(bridge: "rec0", subnet: subnet, instance: "i")
        }
    }
}
