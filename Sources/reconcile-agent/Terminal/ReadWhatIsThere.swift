import Glibc
import Linux

/// Reads what a terminal, a pipe or a file has to give at once.
///
/// - Returns: at most 16 KiB; none where there is nothing yet; nil at the end: of a file, or (EIO) of a terminal that nobody
///   has open any more.
func readWhatIsThere(from source: Int32) throws(SystemError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    do {
        let count = try retrying("read") {
            buffer.withUnsafeMutableBytes { Glibc.read(source, $0.baseAddress, $0.count) }
        }
        return count > 0 ? Array(buffer[..<count]) : nil
    } catch let error where error.code == EIO {
        return nil
    } catch let error where error.code == EAGAIN {
        return []
    }
}
