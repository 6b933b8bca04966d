import Testing

@testable import ImageStore

@Suite("Through whom a registry is asked")
struct ProxySettingsTests {
    private let settings = ProxySettings(environment: [
        "HTTPS_PROXY": "http://secure:3128", "http_proxy": "http://plain:3128",
        "no_proxy": "lan, .example.org,10.0.0.0/8 registry.net:5000,*.quay.io",
    ])

    @Test(
        "a proxy for each scheme, none for this machine and for what NO_PROXY names",
        arguments: [
            (.https, "docker.io", 443, "http://secure:3128"), (.http, "docker.io", 80, "http://plain:3128"),
            (.https, "localhost", 443, nil), (.http, "127.0.0.2", 5000, nil), (.https, "::1", 443, nil),
            (.https, "lan", 443, nil), (.https, "registry.lan", 443, nil), (.https, "plan", 443, "http://secure:3128"),
            (.https, "example.org", 443, nil), (.https, "a.example.org", 443, nil),
            (.https, "anexample.org", 443, "http://secure:3128"), (.http, "10.1.2.3", 80, nil),
            (.http, "11.1.2.3", 80, "http://plain:3128"), (.https, "registry.net", 5000, nil),
            (.https, "registry.net", 443, "http://secure:3128"), (.https, "a.quay.io", 443, nil),
        ] as [(RegistryEndpoint.Scheme, String, Int, String?)])
    func chosen(scheme: RegistryEndpoint.Scheme, host: String, port: Int, proxy: String?) {
        #expect(settings.proxy(scheme: scheme, host: host, port: port) == proxy)
    }

    @Test("no variables, no proxy; an asterisk excepts everybody")
    func none() {
        #expect(ProxySettings(environment: ["https_proxy": ""]).proxy(scheme: .https, host: "a.b", port: 443) == nil)
        let all = ProxySettings(environment: ["https_proxy": "http://a:1", "NO_PROXY": "*"])
        #expect(all.proxy(scheme: .https, host: "a.b", port: 443) == nil)
    }
}
