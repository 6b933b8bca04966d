import ArgumentParser

/// Does something for each of several images. One that fails costs the others nothing: its error is told at once.
///
/// - Throws: where there is only one, what `body` throws; else an exit code, the first failure's; `CancellationError`.
func forEachImage<Name>(_ names: [Name], _ body: (Name) async throws -> Void) async throws {
    var status: ExitStatus?
    for name in names {
        do { try await body(name) } catch let error where names.count > 1 && !(error is CancellationError) {
            let failure = error as? CommandFailure ?? CommandFailure(.actionFailed, "\(error)")
            write(standardError: "\(failure)\n")
            status = status ?? failure.status
        }
    }
    if let status { throw ExitCode(status.rawValue) }
}
