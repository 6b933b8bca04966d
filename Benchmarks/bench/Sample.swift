import Foundation
import Linux

/// Measurements of one thing, in microseconds.
struct Sample {
    let name: String
    let microseconds: [Double]

    init(_ name: String, _ microseconds: [Double]) {
        self.name = name
        self.microseconds = microseconds.sorted()
    }

    func percentile(_ share: Double) -> Double {
        guard !microseconds.isEmpty else { return .nan }
        return microseconds[min(microseconds.count - 1, Int(Double(microseconds.count) * share))]
    }

    /// The median in milliseconds.
    var median: Double { percentile(0.5) / 1000 }

    /// How many times the median of another.
    func times(_ other: Sample) -> Double { percentile(0.5) / other.percentile(0.5) }

    /// One row of the report, beside what it is measured against.
    func row(floor: Sample? = nil) -> String {
        let ratio = floor.map { String(format: "%6.1f x", times($0)) } ?? ""
        return name.padded(to: 46)
            + String(
                format: "%8.2f %8.2f %8.2f ms", percentile(0.5) / 1000, percentile(0.95) / 1000, percentile(1) / 1000)
            + ratio
    }
}

/// This instant, in microseconds since boot.
func microseconds() -> Double { Double(BootInstant.now().nanoseconds) / 1000 }
