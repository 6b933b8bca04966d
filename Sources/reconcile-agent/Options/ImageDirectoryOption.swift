import ArgumentParser
import Glibc

/// `--image-dir DIR`: where archives of images wait to be imported.
struct ImageDirectoryOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Import every image archive in this directory, now and when one appears.", valueName: "dir"))
    var imageDir: String?

    /// The directory as an absolute path; nil for none.
    ///
    /// - Throws: `CommandFailure` (usage) when it is not a directory.
    func resolved() throws -> String? {
        guard let directory = try setting(imageDir, "image-dir").map(absolutePath) else { return nil }
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR) else {
            throw CommandFailure(
                .usage, "--image-dir \(directory) is not a directory", hint: "make it, or leave the option out")
        }
        return directory
    }
}
