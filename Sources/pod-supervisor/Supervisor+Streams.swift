import CBirth

// What containers read and write: pipes or a terminal, and who attaches to them.
extension Supervised {
    /// Makes the pipes of a container without a terminal, and keeps the ends that are not the container's.
    ///
    /// - Parameter given: standard input that came with the request; -1: none.
    /// - Returns: the container's own ends; nil when they cannot be made.
    func makePipes(input given: Int32) -> [Int32]? {
        var input: [Int32] = [given, -1]
        var output: [Int32] = [-1, -1]
        var error: [Int32] = [-1, -1]
        let isPiped =
            (inputKind == .empty || system_pipe(&input) == 0) && system_pipe(&output) == 0 && system_pipe(&error) == 0
        guard isPiped else {
            let reason = system_errno()
            for end in [input[0] == given ? -1 : input[0], input[1], output[0], output[1]] where end >= 0 { close(end) }
            set_errno(reason)
            return nil
        }
        self.input = input[1]
        outputs = [output[0], error[0]]
        // Not the container's ends: one that reopens its own stream must make nobody else wait for it.
        for end in outputs + [input[1]] where end >= 0 { system_set_nonblocking(end) }
        return [input[0], output[1], error[1]]
    }
}

extension Supervisor {
    /// Takes the master of a terminal from a birth. A container's is read by the logger, as pipes are.
    func takeTerminal(_ master: Int32, of child: Supervised) {
        child.terminal = master
        guard child.kind == StateEntry.container else { return }
        let reading = master >= 0 ? fcntl_duplicate(master) : -1
        guard reading >= 0 else {
            // Descriptors have run out. Nobody would read what it shows, and it would stand still.
            child.failure = BirthFailure(
                stage: UInt32(BIRTH_STAGE_TERMINAL.rawValue), error: UInt32(EMFILE), detail: [])
            return child.kill()
        }
        system_set_nonblocking(master)
        child.terminalHold = system_open_terminal(master)
        child.outputs = [reading]
        handToLogger(child)
    }

    /// Gives a client what a container writes from now on, and its standard input: the descriptors themselves, so that
    /// nothing of it passes through here.
    func attach(_ request: AttachRequest, _ waiter: Supervised.Waiter) {
        guard let child = find(kind: StateEntry.container, id: request.container) else {
            return refuse(waiter, RequestFailure.unknownTarget)
        }
        guard child.lifecycle.phase == .running || child.lifecycle.phase == .stopping else {
            return refuse(waiter, RequestFailure.notRunning)
        }
        guard !child.outputs.isEmpty else { return refuse(waiter, RequestFailure.noOutput) }
        var output: [Int32] = [-1, -1]
        guard system_packet_pair(&output) == 0 else {
            return refuse(waiter, RequestFailure.noOutput, error: system_errno())
        }
        let isHeard = logger.attach(child.serial, output[1])
        let reason = system_errno()
        close(output[1])
        guard isHeard else {
            close(output[0])
            return refuse(waiter, RequestFailure.noOutput, error: reason)
        }
        var answer = AttachAnswer()
        answer.isTerminal = child.terminal >= 0
        let input = answer.isTerminal ? child.terminal : child.input
        let isGiven = request.wantsInput && input >= 0
        // A terminal is not closed with one of those who look at it (containerd).
        if isGiven { answer.input = answer.isTerminal && child.inputKind == .once ? .open : child.inputKind }
        send(
            MessageType.answer(to: MessageType.attach), to: waiter, answer.encoded,
            descriptors: isGiven ? [output[0], input] : [output[0]])
        close(output[0])
        // The client's is the only one now: the process reads the end when the client lets go of it, or dies.
        if isGiven, answer.input == .once {
            close(child.input)
            child.input = -1
        }
    }
}
