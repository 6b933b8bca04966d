/// Reads the count of OOM kills from `memory.events` (v2) or `memory.oom_control` (v1): the line `oom_kill N`.
public func countOOMKills(in file: ArraySlice<UInt8>) -> UInt64 {
    let key: [UInt8] = [0x6F, 0x6F, 0x6D, 0x5F, 0x6B, 0x69, 0x6C, 0x6C, 0x20]  // "oom_kill "
    var line = file.startIndex
    while line < file.endIndex {
        let end = file[line...].firstIndex(of: 0x0A) ?? file.endIndex
        if file[line..<end].starts(with: key) {
            var number: UInt64 = 0
            for digit in file[(line + key.count)..<end] where digit >= 0x30 && digit <= 0x39 {
                number = number &* 10 &+ UInt64(digit - 0x30)
            }
            return number
        }
        line = end + 1
    }
    return 0
}
