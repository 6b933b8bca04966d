import Testing

@testable import Probes

@Suite("Where an HTTP probe goes")
struct HTTPPlaceTests {
    @Test(
        "a path goes out as Go would send it",
        arguments: [
            ("/", "/"), ("healthz", "/healthz"), ("", "/"), ("/a?b=c", "/a?b=c"), ("?b", "/?b"),
            ("/a b", "/a%20b"),
            ("/é", "/%C3%A9"), ("/100%", "/100%25"), ("/%2F?x#y", "/%2F?x"), ("/50%?x", "/50%25%3Fx"),
        ])
    func paths(path: String, target: String) {
        let place = HTTPPlace(HTTPGetProbe(port: .number(80), path: path), host: "10.0.0.5", port: 80)

        #expect(place.target == target)
    }

    @Test(
        "a Location leads where it would lead a browser",
        arguments: [
            ("/x", "http://10.0.0.5:8080/x"), ("x", "http://10.0.0.5:8080/a/x"),
            ("../x", "http://10.0.0.5:8080/x"),
            ("./", "http://10.0.0.5:8080/a/"), ("?q", "http://10.0.0.5:8080/a/b?q"),
            ("//other/x", "http://other:80/x"), ("https://10.0.0.5/", "https://10.0.0.5:443/"),
            ("HTTP://10.0.0.5", "http://10.0.0.5:80/"), ("http://u:p@[::1]:99/z#f", "http://[::1]:99/z"),
            ("http://h?q=://", "http://h:80/?q=://"),
            ("x?u=http://h/", "http://10.0.0.5:8080/a/x?u=http://h/"),
            ("ftp://10.0.0.5/", nil), ("http://", nil), ("http://h:99999/", nil),
        ])
    func locations(location: String, url: String?) {
        let place = HTTPPlace(scheme: .http, host: "10.0.0.5", port: 8080, target: "/a/b?c=d")

        #expect(place.following(location)?.url == url)
    }
}
