/// Bytes in decimal units with three digits, as docker and crictl print them: `40.2MB`.
func byteWords(_ bytes: Int64) -> String {
    var value = Double(bytes)
    var units = ["B", "kB", "MB", "GB", "TB"][...]
    while value >= 1000, units.count > 1 {
        value /= 1000
        units.removeFirst()
    }
    let rounded = value >= 100 ? value.rounded() : (value * 10).rounded() / 10
    let digits = rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    return digits + (units.first ?? "")
}
