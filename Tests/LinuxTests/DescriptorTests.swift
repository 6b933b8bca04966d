import Glibc
import Linux
import Testing

@Suite("Descriptor")
struct DescriptorTests {
    @Test("a missing file is reported by call, path and reason")
    func missingFile() {
        let error = #expect(throws: SystemError.self) { _ = try Descriptor.open("/no/such/file") }

        #expect(error?.description == "openat /no/such/file: No such file or directory")
    }

    @Test("a descriptor closes when its owner lets go of it")
    func closes() throws {
        let number: Int32
        do {
            let descriptor = try Descriptor.open("/dev/null")
            number = descriptor.raw
            #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
        }

        #expect(fcntl(number, F_GETFD) == -1)
    }
}
