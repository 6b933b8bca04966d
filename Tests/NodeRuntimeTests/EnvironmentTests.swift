import Testing

@testable import NodeRuntime

@Suite("Environment")
struct EnvironmentTests {
    @Test(
        "references are expanded as Kubernetes does, without a shell",
        arguments: [
            ("$(NAME)", "value"), ("a$(NAME)b$(OTHER)", "avaluebtwo"), ("$$(NAME)", "$(NAME)"), ("$$$(NAME)", "$value"),
            ("$(MISSING)", "$(MISSING)"), ("$(NAME", "$(NAME"), ("$NAME", "$NAME"), ("$", "$"), ("a$", "a$"),
            ("$$", "$"), ("$()", "$()"), ("$(NAME))", "value)"), ("$($(NAME))", "$($(NAME))"), ("", ""),
            ("ü$(NAME)ü", "üvalueü"),
        ])
    func expansion(text: String, expected: String) {
        var environment = Environment()
        environment.set("NAME", "value")
        environment.set("OTHER", "two")

        #expect(environment.expand(text) == expected)
    }

    @Test("a variable set again keeps its place and takes the new value")
    func order() {
        var environment = Environment()
        for assignment in ["A=1", "B=2", "A=3", "nonsense", "C=x=y"] { environment.set(assignment) }

        #expect(environment.assignments == ["A=3", "B=2", "C=x=y"])
    }

    @Test("values that name each other stay within what a program can be started with, and one byte more")
    func bomb() {
        var environment = Environment()
        environment.set("V0", String(repeating: "x", count: 100))
        for level in 1...30 {
            environment.set("V\(level)", environment.expand(String(repeating: "$(V\(level - 1))", count: 10)))
        }

        #expect(environment["V30"]?.utf8.count == Environment.longestString + 1)
        #expect(environment["V2"]?.utf8.count == 10_000)
    }
}
