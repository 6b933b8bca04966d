import Linux

extension ImageStore {
    /// Has the worker handle one request, and reads its answer, which is believed no more than the archive.
    ///
    /// - Parameters:
    ///   - patience: for how long.
    ///   - arrival: what tells the worker of a blob that is still arriving.
    /// - Throws: `ImageStoreError` in the worker's words, `CancellationError`.
    func ask<Answer: Decodable>(
        _ request: UnpackRequest, about path: String, within patience: Duration = ImageStore.patience,
        following arrival: BlobArrival? = nil
    ) async throws -> Answer {
        let output: WorkerOutput
        do {
            output = try await worker.run(
                input: JSON.encode(request), timeout: patience, outputLimit: 64 << 20, environment: [:],
                descriptors: arrival?.reader ?? DescriptorBag())
        } catch let error as WorkerError {
            throw ImageStoreError.workerFailed(path: path, reason: "\(error)")
        }
        let words = lastLine(output.standardError)
        switch output.status {
        case .exited(UnpackStatus.done):
            do {
                return try JSON.decode(Answer.self, from: output.standardOutput)
            } catch {
                throw ImageStoreError.workerFailed(
                    path: path, reason: "its worker's answer is not understood: \(error)")
            }
        case .exited(UnpackStatus.refused): throw ImageStoreError.refused(path: path, reason: words)
        case .exited(UnpackStatus.unsound): throw ImageStoreError.damaged(path: path, reason: words)
        case .exited(UnpackStatus.unreadable): throw ImageStoreError.unreadableArchive(path: path, reason: words)
        default:
            let reason = words.isEmpty ? "its worker ended with \(output.status)" : words
            throw ImageStoreError.workerFailed(path: path, reason: reason)
        }
    }

    /// A gigabyte takes seconds; a worker that takes this long hangs.
    static let patience = Duration.seconds(900)

    private func lastLine(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
    }
}
