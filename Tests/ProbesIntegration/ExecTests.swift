import Testing

@testable import Probes

@Suite("exec probes")
struct ExecTests {
    struct Script: ProbeExecutor {
        let result: Result<ProbeExecution, ExecutorFailure>

        func run(
            _ command: [String], in container: ProbedContainer, timeout: Duration, outputLimit: Int
        ) async throws -> ProbeExecution {
            #expect(outputLimit == 10 << 10)
            return try result.get()
        }
    }

    struct ExecutorFailure: Error, CustomStringConvertible {
        let description = "no such file or directory: /healthy"
    }

    @Test(
        "0 is a success, the rest a failure with its output; a command that could not be run is an error",
        arguments: [
            (.success(.exited(code: 0, output: "fine")), .success),
            (.success(.exited(code: 3, output: "not well")), .failure("not well")),
            (.success(.timedOut), .failure("command timed out: \"sleep 10\" timed out after 1s")),
            (.failure(ExecutorFailure()), .error("no such file or directory: /healthy")),
        ] as [(Result<ProbeExecution, ExecutorFailure>, ProbeOutcome)])
    func outcomes(result: Result<ProbeExecution, ExecutorFailure>, expected: ProbeOutcome)
        async throws
    {
        let outcome = try await withProber(Script(result: result)) {
            await $0.once(.exec(["sleep", "10"]), timeout: .seconds(1))
        }

        #expect(outcome == expected)
    }
}
