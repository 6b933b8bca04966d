import Glibc
import Linux

/// The machine's host name, which Pods in its network have too.
func nodeHostname() -> String {
    var buffer = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
    guard gethostname(&buffer, buffer.count) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The machine's hosts file, which Pods in its network get a copy of (kubelet); empty where there is none.
func nodeHosts() throws(SystemError) -> String {
    do throws(SystemError) {
        return String(decoding: try Descriptor.open("/etc/hosts").readToEnd(limit: 1 << 20), as: UTF8.self)
    } catch {
        if error.code == ENOENT { return "" }
        throw error
    }
}
