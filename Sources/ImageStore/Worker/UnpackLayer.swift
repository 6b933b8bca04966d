import CLibArchive
import Glibc
import Linux

/// Unpacks a layer, as its blob comes, into the working directory, which must be all this process can see.
///
/// - Parameter diffID: the digest that the uncompressed tar must have.
func unpackLayer(_ blob: LayerBlob, expecting diffID: Digest, limits: UnpackLimits) throws -> UnpackedLayer {
    let stream = try LayerStream(blob, limits: limits)
    let reader = try ArchiveReader.make(.tar, decompressing: false)
    var writer = try LayerWriter.make()
    var unpacking = LayerUnpacking(limits: limits)
    do {
        try stream.feed(reader)
        while let entry = try reader.next() { try unpacking.unpack(entry, from: reader, to: &writer) }
    } catch {
        // The stream knows better why it ended than the reader that found no more bytes.
        throw stream.failure ?? error
    }
    let found = try stream.finish()
    guard found == diffID else {
        throw Refusal("its layer's digest is \(found), but the image's configuration says \(diffID)")
    }
    let opaqueDirectories = try unpacking.whiteouts.apply()
    try writer.finish()
    withExtendedLifetime(stream) {}
    return UnpackedLayer(opaqueDirectories: opaqueDirectories, skippedDevices: unpacking.skippedDevices)
}

/// One layer on its way to the disk: what was counted and put off.
private struct LayerUnpacking {
    let limits: UnpackLimits
    var entries = 0
    var skippedDevices = 0
    var whiteouts = Whiteouts()

    mutating func unpack(
        _ entry: OpaquePointer, from reader: borrowing ArchiveReader, to writer: inout LayerWriter
    ) throws {
        entries += 1
        if entries > limits.entries { throw Refusal("its layer has more than \(limits.entries) entries") }
        switch try LayerEntry(entry, limits: limits) {
        case .whiteout(let path): whiteouts.hide(path)
        case .opaque(let path): whiteouts.hideContents(of: path)
        case .metadata: break
        case .device: skippedDevices += 1
        case .file(let path): try writer.write(entry, at: path, from: reader)
        }
    }
}
