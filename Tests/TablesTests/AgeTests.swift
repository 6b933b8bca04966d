import Tables
import Testing

@Suite("Ages read as kubectl's")
struct AgeTests {
    private static let minute = 60
    private static let hour = 3600
    private static let day = 86_400

    @Test(
        "seconds become words",
        arguments: [
            (-2, "<invalid>"), (-1, "0s"), (0, "0s"), (1, "1s"), (70, "70s"), (119, "119s"),
            (2 * minute, "2m"), (190, "3m10s"), (330, "5m30s"), (10 * minute - 1, "9m59s"),
            (10 * minute + 30, "10m"), (70 * minute, "70m"), (170 * minute, "170m"), (3 * hour - 1, "179m"),
            (3 * hour, "3h"), (5 * hour + 10 * minute, "5h10m"), (8 * hour - 1, "7h59m"),
            (8 * hour, "8h"), (30 * hour, "30h"), (47 * hour, "47h"),
            (48 * hour, "2d"), (49 * hour, "2d1h"), (3 * day + 4 * hour, "3d4h"), (8 * day - 1, "7d23h"),
            (8 * day + 2 * hour, "8d"), (367 * day, "367d"), (400 * day, "400d"), (2 * 365 * day - 1, "729d"),
            (2 * 365 * day, "2y"), (2 * 365 * day + 25 * hour, "2y1d"), (2 * 365 * day + 30 * day, "2y30d"),
            (8 * 365 * day + 2 * hour, "8y"), (10 * 365 * day + 100 * day, "10y"),
        ])
    func words(seconds: Int, expected: String) {
        #expect(Age(.seconds(seconds)).description == expected)
    }

    @Test("a part of a second counts for nothing, before and after now")
    func fractions() {
        #expect(Age(.milliseconds(1999)).description == "1s")
        #expect(Age(.milliseconds(-1999)).description == "0s")
    }
}
