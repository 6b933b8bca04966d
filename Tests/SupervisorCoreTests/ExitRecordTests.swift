import SupervisorCore
import Testing

@Suite("Exit records")
struct ExitRecordTests {
    private func exit(detail: String = "") -> Exit {
        var exit = Exit()
        exit.id = Array("abc".utf8)
        exit.pid = 42
        exit.finishedAt = 1_795_457_369_000_000_001
        exit.code = 137
        exit.signal = 9
        exit.killedForMemory = true
        if !detail.isEmpty { exit.failure = BirthFailure(stage: 12, error: 2, detail: Array(detail.utf8)) }
        return exit
    }

    @Test("a record is read back as it was written")
    func roundTrip() {
        #expect(ExitRecord.decode(ExitRecord.encode(exit())[...]) == exit())
        #expect(ExitRecord.decode(ExitRecord.encode(exit(detail: "nginx"))[...]) == exit(detail: "nginx"))
    }

    @Test("a record fits its slot whatever its detail")
    func fits() {
        let slot = ExitRecord.encode(exit(detail: String(repeating: "x", count: 4000)))

        #expect(slot.count == ExitRecord.slotSize)
        #expect(ExitRecord.decode(slot[...])?.failure?.stage == 12)
    }

    @Test("a record that was not written whole holds nothing", arguments: [0, 5, 13, 40])
    func torn(position: Int) {
        var slot = ExitRecord.encode(exit())
        slot[position] ^= 0x55

        #expect(ExitRecord.decode(slot[...]) == nil)
    }

    @Test("a file's empty slots are skipped")
    func file() {
        let empty = [UInt8](repeating: 0, count: ExitRecord.slotSize)

        #expect(ExitRecord.decodeAll(empty + ExitRecord.encode(exit()) + empty + [1, 2, 3]) == [exit()])
    }

    @Test("the OOM counter is read from either kind of cgroup")
    func oomKills() {
        #expect(countOOMKills(in: Array("low 0\nhigh 0\nmax 4\noom 2\noom_kill 3\noom_group_kill 0\n".utf8)[...]) == 3)
        #expect(countOOMKills(in: Array("oom_kill_disable 0\nunder_oom 0\noom_kill 12\n".utf8)[...]) == 12)
        #expect(countOOMKills(in: Array("oom_kill_disable 0\n".utf8)[...]) == 0)
    }
}
