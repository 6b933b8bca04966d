import PodModel
import Testing

@testable import Probes

@Suite("One timer for all probes")
struct ProbeRunnerTests {
    @Test("each probe is tried when it is due, and not otherwise", .timeLimit(.minutes(10)))
    func triesWhenDue() async {
        await Scene.run { scene in
            await scene.runner.begin(.make("a", liveness: .make(period: .seconds(10))))
            await scene.runner.begin(.make("b", liveness: .make(initialDelay: .seconds(3), period: .seconds(5))))

            await scene.pass(.seconds(20))

            #expect(scene.prober.tries(of: "a") == [10, 20])
            #expect(scene.prober.tries(of: "b") == [3, 8, 13, 18])
        }
    }

    @Test("a container that begins later, and is due earlier, wakes the sleeper", .timeLimit(.minutes(10)))
    func wakesForEarlier() async {
        await Scene.run { scene in
            await scene.runner.begin(.make("late", liveness: .make(initialDelay: .seconds(100))))
            await scene.pass(.seconds(1))

            await scene.runner.begin(.make("early", readiness: .make(), startedAt: .seconds(1)))
            await scene.pass(.zero)

            #expect(scene.prober.tries(of: "early") == [1])
        }
    }

    @Test("what the probes say is reported once, when it changes", .timeLimit(.minutes(10)))
    func reportsChanges() async {
        await Scene.run { scene in
            scene.prober.answer(.failure)
            await scene.runner.begin(.make("a", liveness: .make(failures: 2)))

            await scene.pass(.seconds(60))

            let reports = await scene.reports(3)
            #expect(
                reports.map(\.words) == [
                    "event Liveness probe failed: not well", "event Liveness probe failed: not well",
                    "verdict started ready, stop for liveness",
                ])
            #expect(scene.prober.tries(of: "a") == [10, 20])
        }
    }

    @Test("an error is tried three times at once, told once, and counts as nothing", .timeLimit(.minutes(10)))
    func errors() async {
        await Scene.run { scene in
            scene.prober.answer(.error)
            await scene.runner.begin(.make("a", liveness: .make(failures: 1)))

            await scene.pass(.seconds(10))

            #expect(scene.prober.tries(of: "a") == [10, 10, 10])
            #expect(
                await scene.reports(1).map(\.words) == [
                    "event Liveness probe errored and resulted in unknown state: not reached"
                ])
            #expect(await scene.runner.verdict(of: ContainerID("a"))?.failure == nil)
        }
    }

    @Test(
        "a container that ended is not tried any more, and its try under way counts for nothing",
        .timeLimit(.minutes(10)))
    func endedContainer() async {
        await Scene.run { scene in
            scene.prober.holdAll()
            scene.prober.answer(.failure)
            await scene.runner.begin(.make("a", liveness: .make(failures: 1)))
            scene.clock.advance(by: .seconds(10))
            await eventually { scene.prober.tries(of: "a") == [10] }

            await scene.runner.end(ContainerID("a"))
            scene.prober.releaseAll()
            await scene.pass(.seconds(60))

            #expect(scene.prober.tries(of: "a") == [10])
            #expect(await scene.reports(1).map(\.words) == ["verdict"])
            #expect(await scene.runner.verdict(of: ContainerID("a")) == nil)
        }
    }

    @Test("a Pod's end stops liveness and leaves readiness, of this Pod alone", .timeLimit(.minutes(10)))
    func endedPod() async {
        await Scene.run { scene in
            await scene.runner.begin(.make("a", pod: "one", liveness: .make(), readiness: .make()))
            await scene.runner.begin(.make("b", pod: "two", liveness: .make()))
            await scene.pass(.seconds(1))

            await scene.runner.endPod(PodUID("one"))
            await scene.pass(.seconds(20))

            #expect(scene.prober.tries(of: "a") == [0, 10, 20])
            #expect(scene.prober.tries(of: "b") == [10, 20])
        }
    }

    @Test("no more tries are under way than allowed; the others wait their turn", .timeLimit(.minutes(10)))
    func boundedTries() async {
        await Scene.run(limit: 4) { scene in
            scene.prober.holdAll()
            for number in 0..<20 { await scene.runner.begin(.make("\(number)", readiness: .make())) }
            await eventually { scene.prober.underWay == 4 }
            #expect(scene.prober.count == 4)

            scene.prober.releaseAll()
            await scene.pass(.zero)

            #expect(scene.prober.count == 20)
            #expect(scene.prober.mostUnderWay == 4)
        }
    }

    @Test("a slow try is not overtaken by the next one of the same probe", .timeLimit(.minutes(10)))
    func slowTry() async {
        await Scene.run { scene in
            scene.prober.holdAll()
            await scene.runner.begin(.make("a", pod: "one", readiness: .make(period: .seconds(1))))
            await eventually { scene.prober.underWay == 1 }
            await scene.runner.endPod(PodUID("one"))
            for _ in 0..<5 { scene.clock.advance(by: .seconds(1)) }
            scene.prober.releaseAll()
            await scene.pass(.zero)

            #expect(scene.prober.tries(of: "a") == [0, 5])
        }
    }

    @Test("cancelling ends the runner and the tries under way", .timeLimit(.minutes(10)))
    func cancellation() async {
        let scene = Scene(limit: 4)
        scene.prober.holdAll()
        await scene.runner.begin(.make("a", readiness: .make()))
        let running = Task { await scene.runner.run() }
        await eventually { scene.prober.underWay == 1 }

        running.cancel()
        await running.value

        #expect(scene.prober.underWay == 0)
    }

    @Test("adopted containers are spread over their period", .timeLimit(.minutes(10)))
    func spread() async {
        await Scene.run(fraction: { 0.5 }) { scene in
            await scene.runner.adopt(.make("a", liveness: .make()), nil)

            await scene.pass(.seconds(14))

            #expect(scene.prober.tries(of: "a") == [10])
            await scene.runner.adopt(.make("b", liveness: .make()), nil)
            await scene.pass(.seconds(10))
            #expect(scene.prober.tries(of: "b") == [19])
        }
    }
}

extension ProbeReport {
    fileprivate var words: String {
        switch content {
        case .event(let event): "event \(event.message)"
        case .verdict(let verdict, _):
            "verdict" + (verdict.isStarted ? " started" : "") + (verdict.isReady ? " ready" : "")
                + (verdict.failure.map { ", stop for \($0.kind.rawValue)" } ?? "")
        }
    }
}
