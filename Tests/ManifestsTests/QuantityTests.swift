import Testing

@testable import Manifests

@Suite("Quantities are exact, and written as Kubernetes writes them")
struct QuantityTests {
    @Test(
        "the canonical text",
        arguments: [
            "0": "0", "-0": "0", "0Mi": "0", "000": "0", "1": "1", "+1": "1", "-1": "-1", "5.": "5", ".5": "500m",
            "1.5": "1500m", "100m": "100m", "1000m": "1", "1500m": "1500m", "2000": "2k", "1000": "1k", "1024": "1024",
            "100000": "100k", "1e3": "1e3", "1E3": "1e3", "1e1": "10", "12e-1": "1200e-3", "1E": "1E", "1e-3": "1e-3",
            "1Ki": "1Ki", "1024Mi": "1Gi", "1536Mi": "1536Mi", "1.5Gi": "1536Mi", "0.5Ki": "512", "0.1Ki": "102400m",
            "1000M": "1G", "1.5G": "1500M", "250Mi": "250Mi", "0.0001": "100u", "1n": "1n", "0.1n": "1n",
            "0.0000000001": "1n", "-0.1n": "-1n", "1e-20": "1e-9", "0.0001Ki": "102400u", "1u": "1u", "1001m": "1001m",
            "9223372036854775807": "9223372036854775807", "-1024Ki": "-1Mi", "7Ei": "7Ei", "9E": "9E",
            "0.000000000931322574615478515625Gi": "1", "1.0000000001": "1000000001n",
        ])
    func canonical(text: String, canonical: String) throws {
        #expect(try Quantity(text).description == canonical)
        #expect(try Quantity(canonical).description == canonical)
        #expect(try Quantity(canonical) == Quantity(text))
    }

    @Test(
        "amounts compare whatever their suffix",
        arguments: [("1", "1000m"), ("1Ki", "1024"), ("1k", "1e3"), ("1Gi", "1073741824"), ("0.001", "1m")])
    func equal(left: String, right: String) throws {
        #expect(try Quantity(left) == Quantity(right))
        #expect(try Quantity(left).hashValue == Quantity(right).hashValue)
    }

    @Test("smaller is less", arguments: [("1M", "1Mi"), ("999m", "1"), ("-1", "0"), ("1n", "1u"), ("1P", "1Ei")])
    func less(left: String, right: String) throws {
        #expect(try Quantity(left) < Quantity(right))
    }

    @Test(
        "what is no quantity",
        arguments: [
            "", " ", ".", "-", "abc", "1GB", "1 Gi", "1Gi ", "1.2.3", "--1", "1e", "1e+", "1e1.5", "0x10", "1_000",
            "1KI", "Mi", "1kk", "1mi", "1Mi1", "½", "١", "1e99999999999", "inf", "nan", "1,5",
        ])
    func malformed(text: String) {
        #expect(throws: QuantityError.malformed(text)) { try Quantity(text) }
    }

    @Test(
        "what is too large, however it is written",
        arguments: [
            "9223372036854775808", "9223372036854775807.1", "8Ei", "9.3E", "1e19", "1e2000000000",
            "-9223372036854775808",
            String(repeating: "9", count: 500),
        ])
    func tooLarge(text: String) {
        #expect(throws: QuantityError.tooLarge(text)) { try Quantity(text) }
    }

    @Test(
        "what was meant",
        arguments: [
            "1GB": "\"1G\"", "512mb": "\"512M\"", "1gi": "\"1Gi\"", "1 Gi": "\"1Gi\"", "2g": "\"2G\"", "5%": nil,
            "4KB": "\"4k\"", "3K": "\"3k\"", "abc": nil,
        ])
    func hints(text: String, meant: String?) {
        #expect(QuantityError.malformed(text).hint?.contains(meant ?? "?") ?? (meant == nil))
    }

    @Test("processor time counts in thousandths and memory in bytes, rounded up")
    func rounding() throws {
        #expect(try MilliCPU(Quantity("0.1m"))?.count == 1)
        #expect(try MilliCPU(Quantity("1.0001"))?.count == 1001)
        #expect(try MilliCPU(Quantity("-0.1m"))?.count == -1)
        #expect(try MilliCPU(Quantity("1E"))?.count == nil)
        #expect(try Bytes(Quantity("1.5"))?.count == 2)
        #expect(try Bytes(Quantity("100m"))?.count == 1)
        #expect(try Bytes(Quantity("1Gi"))?.count == 1 << 30)
    }

    @Test("amounts that are equal however written print as written")
    func notation() throws {
        let (binary, decimal) = try (Bytes(Quantity("1Gi")), Bytes(Quantity("1073741824")))

        #expect(binary == decimal)
        #expect(binary?.description == "1Gi")
        #expect(decimal?.description == "1073741824")
        #expect(Bytes(1 << 30).description == "1Gi")
        #expect(MilliCPU(2500).description == "2500m")
        #expect(MilliCPU(2000).description == "2")
    }

    @Test("any amount in any notation is read back as what it was", arguments: 0..<10 as Range<UInt64>)
    func anyAmount(seed: UInt64) throws {
        var random = Seeded(state: seed)
        for _ in 0..<500 {
            let magnitude =
                Int128.random(in: 0...Quantity.most, using: &random) >> Int.random(in: 0...92, using: &random)
            let notation = [Quantity.Notation.decimal, .binary, .exponent].randomElement(using: &random) ?? .decimal
            let quantity = Quantity(nanos: Bool.random(using: &random) ? magnitude : -magnitude, notation: notation)

            let text = quantity.description
            #expect(try Quantity(text) == quantity, "\(text)")
            #expect(try Quantity(text).description == text)
        }
    }

    @Test("more digits never make less", arguments: 0..<10 as Range<UInt64>)
    func monotone(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let suffixes = Quantity.Suffix.decimal.dropLast() + Quantity.Suffix.binary.dropLast()
        for _ in 0..<300 {
            let digits = String(
                (0..<Int.random(in: 1...25, using: &random)).map { _ in
                    "0123456789".randomElement(using: &random) ?? "0"
                })
            let suffix = suffixes.randomElement(using: &random) ?? ""
            let (less, more) = try (Quantity("0.\(digits)\(suffix)"), Quantity("0.\(digits)1\(suffix)"))

            #expect(less <= more, "0.\(digits)\(suffix)")
            #expect(try more <= Quantity("1\(suffix)"))
        }
    }
}
