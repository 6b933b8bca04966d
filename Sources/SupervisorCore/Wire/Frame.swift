/// The kinds of message; numbers are never reused.
public enum MessageType {
    /// Opens a conversation.
    public static let hello: UInt16 = 0x01
    /// Makes the Pod's namespaces and pause.
    public static let createSandbox: UInt16 = 0x02
    /// Starts one attempt of a container.
    public static let start: UInt16 = 0x03
    /// Ends a container: signal, grace, SIGKILL.
    public static let stop: UInt16 = 0x04
    /// Runs one more process in a container.
    public static let exec: UInt16 = 0x05
    /// Sends a signal to an exec's process.
    public static let signalExec: UInt16 = 0x06
    /// The exit is committed elsewhere: its record may go.
    public static let acknowledge: UInt16 = 0x07
    /// Asks what lives.
    public static let state: UInt16 = 0x08
    /// Ends the Pod and the supervisor.
    public static let shutDown: UInt16 = 0x09
    /// Asks for a socket made inside the Pod's network namespace.
    public static let openSocket: UInt16 = 0x0A
    /// Mounts a tmpfs for a volume.
    public static let mount: UInt16 = 0x0B
    /// Asks for what a container writes from now on, and for its standard input.
    public static let attach: UInt16 = 0x0C
    /// Event: a container ended.
    public static let containerExited: UInt16 = 0x9001
    /// Event: an exec ended.
    public static let execExited: UInt16 = 0x9002
    /// Event: pause ended.
    public static let sandboxDied: UInt16 = 0x9003
    /// Answer: the request failed.
    public static let failure: UInt16 = 0xFFFF
    /// The type of a good answer to `request`.
    public static func answer(to request: UInt16) -> UInt16 { 0x8000 | request }
}

/// The header of a frame: twelve bytes.
public struct FrameHeader: Equatable, Sendable {
    /// Bytes that a header takes.
    public static let size = 12
    /// The longest body, in bytes.
    public static let bodyLimit = 4 << 20
    /// The most descriptors in one frame.
    public static let descriptorLimit = 16

    /// Bytes of the body.
    public var length: Int
    /// One of `MessageType`.
    public var type: UInt16
    /// How many descriptors ride along.
    public var descriptors: Int
    /// The request's number; 0 in events.
    public var request: UInt32

    /// A header of these values.
    public init(length: Int, type: UInt16, descriptors: Int, request: UInt32) {
        self.length = length
        self.type = type
        self.descriptors = descriptors
        self.request = request
    }

    /// Reads a header from the first twelve bytes; nil when fewer are at hand.
    public init?(_ bytes: ArraySlice<UInt8>) throws(WireError) {
        let start = bytes.startIndex
        guard bytes.count >= Self.size else { return nil }
        length = Int(littleEndian(bytes[start..<start + 4]))
        type = UInt16(truncatingIfNeeded: littleEndian(bytes[start + 4..<start + 6]))
        descriptors = Int(littleEndian(bytes[start + 6..<start + 8]))
        request = UInt32(truncatingIfNeeded: littleEndian(bytes[start + 8..<start + 12]))
        guard length <= Self.bodyLimit, descriptors <= Self.descriptorLimit else { throw .frameTooLarge }
    }

    /// A whole frame: header, then `body`.
    public static func frame(type: UInt16, request: UInt32, descriptors: Int = 0, body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + body.count)
        append(UInt64(body.count), width: 4, to: &bytes)
        append(UInt64(type), width: 2, to: &bytes)
        append(UInt64(descriptors), width: 2, to: &bytes)
        append(UInt64(request), width: 4, to: &bytes)
        bytes.append(contentsOf: body)
        return bytes
    }
}
