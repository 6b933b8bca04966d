import Testing

@testable import ImageStore

@Suite("Which images that are here are trusted")
struct StoredTrustTests {
    /// Which keys an image was found to be signed with.
    enum Origin: Sendable {
        case imported, unsigned
        case signed(String)
    }

    static let ours = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEpi2UgF9BFACsRnOHWZhe2pfYDzBP
        Icfk56Sgv5Rl5S+mm8uXa2fABtP42uXhHKCcbcd5ptfVMmSXmwxcfCRw4A==
        -----END PUBLIC KEY-----
        """
    static let theirs = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsq7LFdP7PzZcjmNMaJw3SibMYv0/
        JYZPTvzrZSo2Onp+4K0Tocbnvqiyn7i6BLu7EoUQMjfGvnSN/DbqtoE5BA==
        -----END PUBLIC KEY-----
        """

    private func image(_ name: String, _ origin: Origin) throws -> StoredImage {
        let found: ImageOrigin?
        switch origin {
        case .imported: found = nil
        case .unsigned: found = ImageOrigin(nameDigest: Digest(of: [1]), signedBy: nil)
        case .signed(let pem):
            found = ImageOrigin(nameDigest: Digest(of: [1]), signedBy: try [SigningKey(pem: pem).id])
        }
        return StoredImage(
            reference: try ImageReference(parsing: name), imageID: Digest(of: []), config: ImageConfig(), layers: [],
            size: 1, origin: found)
    }

    @Test(
        "the record that was read decides, and nothing beside it",
        arguments: [
            ("quay.io/signed/a:1", .signed(ours), nil), ("quay.io/signed/a:1", .signed(theirs), "without a signature"),
            ("quay.io/signed/a:1", .unsigned, "without a signature"), ("quay.io/signed/a:1", .imported, "was imported"),
            ("Quay.io:443/signed/a:1", .imported, "was imported"), ("quay.io/a/b:1", .signed(ours), "not to be used"),
            ("nginx:1.14", .imported, "must say its digest"), ("registry.lan/a:1", .imported, nil),
        ] as [(String, Origin, String?)])
    func distrust(name: String, origin: Origin, words: String?) throws {
        let key = try SigningKey(pem: Self.ours)
        let trust = ImageTrust(rules: [
            .init(prefix: "quay.io", demand: .rejection, place: "trust.yaml:1"),
            .init(prefix: "quay.io/signed", demand: .signature([key]), place: "trust.yaml:2"),
            .init(prefix: "docker.io", demand: .digest, place: "trust.yaml:3"),
        ])

        let why = trust.distrust(of: try image(name, origin))?.description

        #expect(words.map { why?.contains($0) == true } ?? (why == nil), "\(why ?? "it is trusted")")
    }

    @Test(
        "who signed an image is known until its name leads elsewhere or another signer is found"
    )
    func signers() {
        let (name, other) = (Digest(of: [1]), Digest(of: [2]))
        let (a, b) = (Digest(of: [3]), Digest(of: [4]))
        let signed = ImageOrigin(nameDigest: name, signedBy: [a])

        #expect(ImageOrigin(nameDigest: name, signedBy: nil).following(signed) == signed)
        #expect(ImageOrigin(nameDigest: other, signedBy: nil).following(signed).signedBy == nil)
        #expect(ImageOrigin(nameDigest: name, signedBy: [b]).following(signed).signedBy == [b])
        #expect(ImageOrigin(nameDigest: name, signedBy: nil).following(nil).signedBy == nil)
    }
}
