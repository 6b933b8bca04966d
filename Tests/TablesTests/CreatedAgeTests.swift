import Tables
import Testing

@Suite("How long ago an image was made")
struct CreatedAgeTests {
    @Test(
        "is told in docker's words",
        arguments: [
            (-5, "Less than a second ago"), (1, "1 second ago"), (59, "59 seconds ago"), (60, "About a minute ago"),
            (120, "2 minutes ago"), (3599, "59 minutes ago"), (3600, "About an hour ago"), (5400, "2 hours ago"),
            (47 * 3600, "47 hours ago"), (48 * 3600, "2 days ago"), (13 * 86_400, "13 days ago"),
            (14 * 86_400, "2 weeks ago"), (59 * 86_400, "8 weeks ago"), (60 * 86_400, "2 months ago"),
            (729 * 86_400, "24 months ago"), (730 * 86_400, "2 years ago"),
        ])
    func words(seconds: Int, words: String) {
        #expect("\(CreatedAge(.seconds(seconds)))" == words)
    }
}
