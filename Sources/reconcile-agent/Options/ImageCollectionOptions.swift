import ArgumentParser

/// When images that no Pod needs are given up.
struct ImageCollectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Above this use of the disk, images that no Pod needs go; 100 for never. (default: 85)",
            valueName: "percent"))
    var imageGcHighThreshold: Int?

    @Option(help: ArgumentHelp("Until the disk's use is down to this. (default: 80)", valueName: "percent"))
    var imageGcLowThreshold: Int?

    /// Both, as given or by default.
    ///
    /// - Throws: `CommandFailure` (usage) when they make no sense.
    func resolved() throws -> ImageCollector.Thresholds {
        let defaults = ImageCollector.Thresholds()
        let high = try setting(imageGcHighThreshold, "image-gc-high-threshold", default: defaults.high)
        let low = try setting(imageGcLowThreshold, "image-gc-low-threshold", default: min(defaults.low, high))
        guard (0...100).contains(high), (0...high).contains(low) else {
            throw CommandFailure(
                .usage,
                "--image-gc-low-threshold \(low) and --image-gc-high-threshold \(high) are not 0 to 100, the low "
                    + "one first", hint: "leave them out, or see --help")
        }
        return ImageCollector.Thresholds(high: high, low: low)
    }
}
