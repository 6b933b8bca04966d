import SupervisorCore
import Testing

/// One frame of each kind, byte for byte: what a released agent or supervisor once said must be read for ever.
@Suite("Golden frames")
struct GoldenFrameTests {
    /// Hexadecimal, as in `docs/supervisor-protocol.md`'s tables: header, then fields.
    static let frames: [(name: String, frame: [UInt8], hex: String)] = [
        (
            "hello", frame(MessageType.hello, hello.encoded),
            "0e000000 0100 0000 07000000 0100 01000000 01 0200 01000000 01"
        ),
        (
            "create sandbox", frame(MessageType.createSandbox, sandbox.encoded, descriptors: 1),
            """
            42000000 0200 0100 07000000 0100 02000000 7331 0200 05000000 7765622d30 0300 06000000 2f7061757365
            0400 04000000 2f73686d 0500 04000000 00000004 0600 02000000 1027 0700 01000000 01
            """
        ),
        (
            "start container", frame(MessageType.start, start.encoded, descriptors: 2),
            """
            c7000000 0300 0200 07000000
            0100 02000000 6331
            0200 48000000
              0100 04000000 74727565 0200 09000000 504154483d2f62696e 0300 01000000 2f 0400 03000000 313a32
              0500 04000000 fb050480 0600 01000000 01 0800 01000000 00 0900 01000000 00
            0300 29000000
              0100 01000000 61 0200 05000000 2f6c617965 0300 02000000 2f75 0400 02000000 2f77 0500 01000000 01
            0400 2c000000
              0100 01000000 03 0200 09000000 2f6465762f6e756c6c 0600 01000000 01 0700 01000000 03 0800 02000000 b601
            0600 02000000 1027
            0700 02000000 0104
            """
        ),
        (
            "start container, with a log to rotate and a score",
            frame(MessageType.start, rotating.encoded, descriptors: 1),
            """
            92000000 0300 0100 07000000
            0100 02000000 6331
            0200 33000000
              0100 04000000 74727565 0300 01000000 2f 0400 00000000 0500 01000000 00 0800 01000000 00
              0900 01000000 00 0a00 01000000 03
            0300 1b000000
              0100 01000000 61 0200 02000000 2f6c 0300 00000000 0400 00000000
            0600 01000000 00 0700 01000000 08
            0800 1c000000
              0100 05000000 302e6c6f67 0200 04000000 0000a000 0300 01000000 05
            """
        ),
        (
            "start container, with a filter, groups and a block device",
            frame(MessageType.start, secured.encoded, descriptors: 1),
            """
            c5 00000003 00010007 00000001 00020000 00633102 00590000 00010004 00000074 72756503 00010000
            002f0400 00000000 05000100 00000008 00010000 00000900 01000000 000b0008 00000006 00000000 00ff7f0c
            00010000 00020d00 01000000 070d0004 00000070 1101000e 00010000 00010300 19000000 01000100 00006102
            00000000 00030000 00000004 00000000 0004002b 00000001 00010000 00090200 08000000 2f646576 2f736461
            06000100 00000807 00010000 00000800 02000000 b0010600 01000000 00070001 00000001
            """
        ),
        (
            "start container, with an image as a volume",
            frame(MessageType.start, withImage.encoded, descriptors: 1),
            """
            a2000000 0300 0100 07000000
            0100 02000000 6331
            0200 2c000000
              0100 04000000 74727565 0300 01000000 2f 0400 00000000 0500 01000000 00 0800 01000000 00
              0900 01000000 00
            0300 1b000000
              0100 01000000 61 0200 02000000 2f6c 0300 00000000 0400 00000000
            0400 33000000
              0100 01000000 0a 0200 02000000 2f76 0300 02000000 2f6c 0400 01000000 62 0400 01000000 61
              0500 01000000 0f 0900 01000000 78
            0600 01000000 00 0700 01000000 01
            """
        ),
        (
            "start container, never as root, with a device that belongs to somebody",
            frame(MessageType.start, neverRoot.encoded, descriptors: 1),
            """
            b3000000 0300 0100 07000000
            0100 02000000 6331
            0200 33000000
              0100 04000000 74727565 0300 01000000 2f 0400 00000000 0500 01000000 00 0800 01000000 00 0900 01000000 00 0f00 01000000 01
            0300 1b000000
              0100 01000000 61 0200 02000000 2f6c 0300 00000000 0400 00000000
            0400 3d000000
              0100 01000000 03 0200 0c000000 2f6465762f6e65742f74756e 0600 01000000 0a 0700 01000000 c8 0800 02000000 b001 0e00 01000000 07 0f00 01000000 14
            0600 01000000 00 0700 01000000 01
            """
        ),
        (
            "create sandbox, with the node's network and a kernel parameter",
            frame(MessageType.createSandbox, onHostNetwork.encoded, descriptors: 1),
            """
            5b0000 00020001 00070000 00010002 00000073 31020005 00000077 65622d30 03000200 00002f70 04000000
            00000500 01000000 00060001 00000000 07000100 00000108 00010000 00010900 18000000 6b65726e 656c2f73
            686d5f72 6d69645f 666f7263 65643d31
            """
        ),
        (
            "stop container", frame(MessageType.stop, stop.encoded),
            "17000000 0400 0000 07000000 0100 02000000 6331 0200 01000000 0f 0300 02000000 3075"
        ),
        (
            "acknowledge", frame(MessageType.acknowledge, acknowledge.encoded),
            "0f000000 0700 0000 07000000 0100 02000000 6331 0200 01000000 00"
        ),
        (
            "failure", frame(MessageType.failure, BirthFailure(stage: 12, error: 2, detail: Array("x".utf8)).encoded),
            "15000000 ffff 0000 07000000 0100 01000000 0c 0200 01000000 02 0300 01000000 78"
        ),
        (
            "start container, with a volume", frame(MessageType.start, furnished.encoded),
            """
            af000000 0300 0000 07000000
            0100 02000000 6331
            0200 2c000000
              0100 04000000 74727565 0300 01000000 2f 0400 00000000 0500 01000000 00
              0800 01000000 00 0900 01000000 00
            0300 1b000000
              0100 01000000 61 0200 02000000 2f6c 0300 00000000 0400 00000000
            0400 41000000
              0100 01000000 08 0200 02000000 2f6d 0300 02000000 2f76 0500 01000000 01
              0900 01000000 61 0900 01000000 62 0a00 01000000 01 0b00 01000000 01 0c00 01000000 01
            0600 01000000 00 0700 00000000
            """
        ),
        (
            "mount", frame(MessageType.mount, mount.encoded),
            "1f000000 0b00 0000 07000000 0100 02000000 2f76 0200 08000000 6d6f64653d373535 0200 03000000 613d62"
        ),
        (
            "create sandbox, with users of its own",
            frame(MessageType.createSandbox, withUsers.encoded, descriptors: 1),
            """
            51000000 0200 0100 07000000
            0100 02000000 7331 0200 05000000 7765622d30 0300 02000000 2f70 0400 00000000 0500 01000000 00
            0600 01000000 00 0700 01000000 01 0800 01000000 10 0a00 04000000 00000200 0b00 04000000
            00000100
            """
        ),
        (
            "start container, with a volume that is the node's own mount", frame(MessageType.start, shared.encoded),
            """
            8c000000 0300 0000 07000000
            0100 02000000 6331
            0200 2c000000
              0100 04000000 74727565 0300 01000000 2f 0400 00000000 0500 01000000 00
              0800 01000000 00 0900 01000000 00
            0300 1b000000
              0100 01000000 61 0200 02000000 2f6c 0300 00000000 0400 00000000
            0400 1e000000
              0100 01000000 08 0200 02000000 2f6d 0300 02000000 2f76 0d00 01000000 01
            0600 01000000 00 0700 00000000
            """
        ),
        (
            "start container, with a volume on whose way no link is followed",
            frame(MessageType.start, withoutLinks.encoded),
            """
            9a000000 0300 0000 07000000
            0100 02000000 6331
            0200 2c000000
              0100 04000000 74727565 0300 01000000 2f 0400 00000000 0500 01000000 00
              0800 01000000 00 0900 01000000 00
            0300 1b000000
              0100 01000000 61 0200 02000000 2f6c 0300 00000000 0400 00000000
            0400 2c000000
              0100 01000000 08 0200 02000000 2f6d 0300 02000000 2f76 0900 01000000 61 0900 01000000 62
              1000 01000000 01
            0600 01000000 00 0700 00000000
            """
        ),
        (
            "exec that is answered at its end", frame(MessageType.exec, probing.encoded, descriptors: 1),
            """
            66000000 0500 0100 07000000
            0100 02000000 6331
            0200 2c000000
              0100 04000000 74727565 0300 01000000 2f 0400 00000000 0500 01000000 00
              0800 01000000 00 0900 01000000 00
            0300 02000000 6531 0500 02000000 e803 0600 01000000 00 0700 01000000 06
            0800 01000000 01 0900 01000000 01
            """
        ),
        (
            "start container, with a terminal and an input for once",
            frame(MessageType.start, onTerminal.encoded, descriptors: 1),
            """
            77000000 0300 0100 07000000
            0100 02000000 6331
            0200 33000000
              0100 04000000 74727565 0300 01000000 2f 0400 00000000 0500 01000000 00 0700 01000000 01
              0800 01000000 00 0900 01000000 00
            0300 1b000000
              0100 01000000 61 0200 02000000 2f6c 0300 00000000 0400 00000000
            0600 01000000 00 0700 01000000 01 0900 01000000 02
            """
        ),
        (
            "attach", frame(MessageType.attach, attach.encoded),
            "0f000000 0c00 0000 07000000 0100 02000000 6331 0200 01000000 01"
        ),
        (
            "the answer to attach",
            frame(MessageType.answer(to: MessageType.attach), attached.encoded, descriptors: 2),
            "0e000000 0c80 0200 07000000 0100 01000000 02 0200 01000000 01"
        ),
    ]

    @Test("what is said today is what was written down", arguments: frames.map(\.name))
    func encoding(name: String) throws {
        let golden = try #require(Self.frames.first { $0.name == name })

        #expect(hexadecimal(golden.frame) == golden.hex.filter { !$0.isWhitespace }, "\(name) changed its bytes")
    }

    @Test("what was written down is read as it was meant")
    func decoding() throws {
        #expect(try StartRequest(decoding: Self.body("start container")) == Self.start)
        #expect(
            try StartRequest(decoding: Self.body("start container, with a log to rotate and a score")) == Self.rotating)
        #expect(try StartRequest(decoding: Self.body("start container, with a volume")) == Self.furnished)
        let device = "start container, never as root, with a device that belongs to somebody"
        #expect(try StartRequest(decoding: Self.body(device)) == Self.neverRoot)
        #expect(try MountRequest(decoding: Self.body("mount")) == Self.mount)
        #expect(try SandboxRequest(decoding: Self.body("create sandbox")) == Self.sandbox)
        #expect(
            try StartRequest(decoding: Self.body("start container, with a filter, groups and a block device"))
                == Self.secured)
        #expect(try SandboxRequest(decoding: Self.body("create sandbox, with users of its own")) == Self.withUsers)
        #expect(
            try StartRequest(decoding: Self.body("start container, with a volume that is the node's own mount"))
                == Self.shared)
        #expect(
            try StartRequest(decoding: Self.body("start container, with a volume on whose way no link is followed"))
                == Self.withoutLinks)
        #expect(
            try SandboxRequest(decoding: Self.body("create sandbox, with the node's network and a kernel parameter"))
                == Self.onHostNetwork)
        #expect(try ExecRequest(decoding: Self.body("exec that is answered at its end")) == Self.probing)
        #expect(try StopRequest(decoding: Self.body("stop container")) == Self.stop)
        #expect(
            try StartRequest(decoding: Self.body("start container, with a terminal and an input for once"))
                == Self.onTerminal)
        #expect(try AttachRequest(decoding: Self.body("attach")) == Self.attach)
        #expect(try AttachAnswer(decoding: Self.body("the answer to attach")) == Self.attached)
    }

    /// What follows the head of a frame.
    private static func body(_ name: String) throws -> [UInt8] {
        Array(try #require(frames.first { $0.name == name }).frame.dropFirst(12))
    }

    @Test("an input of a kind from the future is refused, not taken for another")
    func unknownInput() throws {
        var writer = FieldWriter()
        writer.put(9, 3 as UInt32)

        #expect(throws: WireError.self) { try StartRequest(decoding: Self.onTerminal.encoded + writer.bytes) }
    }

    @Test("a tag from the future is skipped")
    func unknownTag() throws {
        var writer = FieldWriter()
        writer.put(999, Array("what is this".utf8))

        #expect(try StopRequest(decoding: writer.bytes + Self.stop.encoded) == Self.stop)
    }

    @Test("a frame cut anywhere is refused or incomplete, never misread")
    func truncation() throws {
        let body = Self.start.encoded
        for length in 0..<body.count { #expect((try? StartRequest(decoding: Array(body[..<length]))) != Self.start) }
    }

    @Test("no bytes crash the reader", arguments: 0..<200)
    func garbage(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        let bytes = (0..<Int(seed % 97) * 3).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40) & (seed.isMultiple(of: 2) ? 0x0F : 0xFF)
        }

        _ = try? StartRequest(decoding: bytes)
        _ = try? ExecRequest(decoding: bytes)
        _ = try? AttachRequest(decoding: bytes)
        _ = try? AttachAnswer(decoding: bytes)
        _ = try? SandboxRequest(decoding: bytes)
        _ = try? StateEntry(decoding: bytes[...])
        _ = try? FrameHeader(bytes[...])
    }

    private static func frame(_ type: UInt16, _ body: [UInt8], descriptors: Int = 0) -> [UInt8] {
        FrameHeader.frame(type: type, request: 7, descriptors: descriptors, body: body)
    }

    private static var hello: HelloRequest {
        var request = HelloRequest()
        request.subscribe = true
        return request
    }

    private static var probing: ExecRequest {
        var request = ExecRequest()
        request.container = Array("c1".utf8)
        request.exec = Array("e1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.process.directory = Array("/".utf8)
        request.timeoutMilliseconds = 1000
        request.roles = [DescriptorRole.standardOutput]
        request.endsWithClient = true
        request.isAnsweredAtEnd = true
        return request
    }

    private static var sandbox: SandboxRequest {
        var request = SandboxRequest()
        request.id = Array("s1".utf8)
        request.hostname = Array("web-0".utf8)
        request.pause = Array("/pause".utf8)
        request.sharedMemory = Array("/shm".utf8)
        request.sharedMemorySize = 64 << 20
        request.deadlineMilliseconds = 10_000
        request.roles = [DescriptorRole.cgroup]
        return request
    }

    private static var start: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.process.environment = [Array("PATH=/bin".utf8)]
        request.process.user = Array("1:2".utf8)
        request.process.capabilities = 0x8004_05FB
        request.process.noNewPrivileges = true
        request.root.lower = [Array("a".utf8)]
        request.root.base = Array("/laye".utf8)
        request.root.upper = Array("/u".utf8)
        request.root.work = Array("/w".utf8)
        request.root.readOnly = true
        var null = MountStep(kind: MountStep.device, target: Array("/dev/null".utf8))
        (null.major, null.minor, null.mode) = (1, 3, 0o666)
        request.steps = [null]
        request.deadlineMilliseconds = 10_000
        request.roles = [DescriptorRole.cgroup, DescriptorRole.log]
        return request
    }

    private static var rotating: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.process.oomScoreAdjustment = -997
        request.root.lower = [Array("a".utf8)]
        request.root.base = Array("/l".utf8)
        request.roles = [DescriptorRole.logDirectory]
        request.log = LogPlan(name: Array("0.log".utf8), limit: 10 << 20, files: 5)
        return request
    }

    private static var furnished: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.root.lower = [Array("a".utf8)]
        request.root.base = Array("/l".utf8)
        var step = MountStep(
            kind: MountStep.volume, target: Array("/m".utf8), source: Array("/v".utf8), attributes: 1)
        step.within = [Array("a".utf8), Array("b".utf8)]
        (step.isMade, step.isRecursive, step.followsNode) = (true, true, true)
        request.steps = [step]
        return request
    }

    private static var mount: MountRequest {
        var request = MountRequest()
        request.target = Array("/v".utf8)
        request.options = ["mode=755", "a=b"].map { Array($0.utf8) }
        return request
    }

    private static var secured: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.process.seccompFilter = [6, 0, 0, 0, 0, 0, 0xff, 0x7f]
        request.process.seccompFlags = 2
        request.process.groups = [7, 70_000]
        request.process.leavesImageGroups = true
        request.root.lower = [Array("a".utf8)]
        var disk = MountStep(kind: MountStep.blockDevice, target: Array("/dev/sda".utf8))
        (disk.major, disk.minor, disk.mode) = (8, 0, 0o660)
        request.steps = [disk]
        request.roles = [DescriptorRole.cgroup]
        return request
    }

    private static var neverRoot: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.process.isNeverRoot = true
        request.root.lower = [Array("a".utf8)]
        request.root.base = Array("/l".utf8)
        var tunnel = MountStep(kind: MountStep.device, target: Array("/dev/net/tun".utf8))
        (tunnel.major, tunnel.minor, tunnel.mode, tunnel.owner, tunnel.group) = (10, 200, 0o660, 7, 20)
        request.steps = [tunnel]
        request.roles = [DescriptorRole.cgroup]
        return request
    }

    private static var withImage: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.root.lower = [Array("a".utf8)]
        request.root.base = Array("/l".utf8)
        var image = MountStep(
            kind: MountStep.image, target: Array("/v".utf8), source: Array("/l".utf8),
            options: [Array("b".utf8), Array("a".utf8)], attributes: 15)
        image.within = [Array("x".utf8)]
        request.steps = [image]
        request.roles = [DescriptorRole.cgroup]
        return request
    }

    private static var onHostNetwork: SandboxRequest {
        var request = SandboxRequest()
        request.id = Array("s1".utf8)
        request.hostname = Array("web-0".utf8)
        request.pause = Array("/p".utf8)
        request.roles = [DescriptorRole.cgroup]
        request.namespaces = SandboxNamespaces.hostNetwork
        request.parameters = [Array("kernel/shm_rmid_forced=1".utf8)]
        return request
    }

    private static var withUsers: SandboxRequest {
        var request = SandboxRequest()
        request.id = Array("s1".utf8)
        request.hostname = Array("web-0".utf8)
        request.pause = Array("/p".utf8)
        request.roles = [DescriptorRole.cgroup]
        request.namespaces = SandboxNamespaces.ownUsers
        (request.firstUser, request.userCount) = (131_072, 65_536)
        return request
    }

    private static var shared: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.root.lower = [Array("a".utf8)]
        request.root.base = Array("/l".utf8)
        var step = MountStep(kind: MountStep.volume, target: Array("/m".utf8), source: Array("/v".utf8))
        step.isNodesOwn = true
        request.steps = [step]
        return request
    }

    private static var withoutLinks: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.root.lower = [Array("a".utf8)]
        request.root.base = Array("/l".utf8)
        var step = MountStep(kind: MountStep.volume, target: Array("/m".utf8), source: Array("/v".utf8))
        step.within = [Array("a".utf8), Array("b".utf8)]
        step.withoutLinks = 1
        request.steps = [step]
        return request
    }

    private static var onTerminal: StartRequest {
        var request = StartRequest()
        request.container = Array("c1".utf8)
        request.process.arguments = [Array("true".utf8)]
        request.process.terminal = true
        request.root.lower = [Array("a".utf8)]
        request.root.base = Array("/l".utf8)
        request.roles = [DescriptorRole.cgroup]
        request.input = .once
        return request
    }

    private static var attach: AttachRequest {
        var request = AttachRequest()
        request.container = Array("c1".utf8)
        request.wantsInput = true
        return request
    }

    private static var attached: AttachAnswer {
        var answer = AttachAnswer()
        answer.input = .once
        answer.isTerminal = true
        return answer
    }

    private static var stop: StopRequest {
        var request = StopRequest()
        request.container = Array("c1".utf8)
        request.signal = 15
        request.graceMilliseconds = 30_000
        return request
    }

    private static var acknowledge: TargetRequest {
        var request = TargetRequest()
        request.container = Array("c1".utf8)
        return request
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
