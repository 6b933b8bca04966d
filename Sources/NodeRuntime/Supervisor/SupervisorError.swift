import Glibc
import Linux
import SupervisorCore

/// Why a request to a Pod's supervisor did not succeed.
public enum SupervisorError: Error, CustomStringConvertible {
    /// The supervisor answered, with a step that failed.
    case failed(BirthFailure)
    /// There is no supervisor behind the socket any more, or it went away.
    case gone(directory: String)
    /// It did not answer in time; it may be stopped, or the machine is overloaded.
    case silent(directory: String, request: String, after: Duration)
    /// It could not be asked, for want of something of this agent or of the machine: nothing is known of the Pod.
    case unasked(directory: String, SystemError)
    /// Its answer makes no sense to this agent.
    case incomprehensible(directory: String, WireError)
    /// It could not be started.
    case notStarted(directory: String, reason: String)

    /// The situation as a sentence.
    public var description: String {
        switch self {
        case .failed(let failure): failure.sentence
        case .gone(let directory): "the Pod's supervisor at \(directory) is gone; the Pod's sandbox will be made anew"
        case .silent(let directory, let request, let after):
            "the Pod's supervisor at \(directory) did not answer \"\(request)\" within \(after)"
        case .unasked(let directory, let error):
            "the Pod's supervisor at \(directory) could not be asked: \(error); it is tried again soon"
        case .incomprehensible(let directory, let error):
            "the Pod's supervisor at \(directory) gave an answer that this agent cannot read (\(error)); "
                + "was it started by a newer release?"
        case .notStarted(let directory, let reason):
            "the Pod's supervisor could not be started in \(directory): \(reason)"
        }
    }
}

extension SupervisorError {
    /// Why there is no connection. Only what the kernel says when nobody is there means that nobody is there.
    init(connectingTo directory: String, _ error: SystemError) {
        switch error.code {
        case ENOENT, ECONNREFUSED: self = .gone(directory: directory)
        // A full queue is a supervisor that hangs, not one that is gone.
        case EAGAIN: self = .silent(directory: directory, request: "connect", after: .seconds(3))
        default: self = .unasked(directory: directory, error)
        }
    }

    /// Why a connection ended.
    ///
    /// - Parameter patience: how long sending may take.
    init(endingConnectionTo directory: String, _ error: SystemError, sendingFor patience: Duration) {
        switch error.code {
        case EPIPE, ECONNRESET, ENOTCONN: self = .gone(directory: directory)
        // One that does not read is silent, which is not the same as gone.
        case ETIMEDOUT: self = .silent(directory: directory, request: "a request", after: patience)
        default: self = .unasked(directory: directory, error)
        }
    }
}

extension BirthFailure {
    /// As something that a process does without: what, and why.
    var notice: String {
        let reason = SystemError("", code: Int32(bitPattern: error)).reason.lowercasedFirst
        return "\(String(decoding: detail, as: UTF8.self)) is not in force: \(reason)"
    }

    /// The failure in a container runtime's words.
    public var sentence: String {
        let subject = String(decoding: detail, as: UTF8.self)
        let reason = error == 0 ? "" : ": \(SystemError("", code: Int32(bitPattern: error)).reason.lowercasedFirst)"
        switch stage {
        case 1: return "cannot create the process\(reason)"
        case 2: return "cannot open the mount source \(subject)\(reason)"
        case 3: return "cannot mount the container's root (\(subject))\(reason)"
        case 4: return "cannot \(subject)\(reason)"
        case 5: return "cannot set up mounts: \(subject)\(reason)"
        case 6: return "cannot \(subject)\(reason)"
        case 7: return "cannot change to the container's root (\(subject))\(reason)"
        case 8 where error == UInt32(EPERM): return "container has runAsNonRoot and \(subject)"
        case 8: return "cannot find the user: \(subject)"
        case 9: return "cannot change to the working directory \"\(subject)\"\(reason)"
        case 10: return "cannot set credentials (\(subject))\(reason)"
        case 11: return "cannot set up the terminal or streams (\(subject))\(reason)"
        case 12 where error == 2 && !subject.contains("/"):
            return "exec: \"\(subject)\": executable file not found in $PATH"
        case 12: return "exec: \"\(subject)\"\(reason)"
        case 13: return "cannot set the host name \"\(subject)\"\(reason)"
        case 14: return "the process did not come to life in time and was killed"
        case 15: return "cannot load the filter of system calls\(reason)"
        case 16: return "cannot set the kernel parameter \(subject)\(reason)"
        case 17: return "\(OwnUsers.refusal) (\(subject.isEmpty ? "its namespace" : subject))\(reason)"
        case RequestFailure.malformed: return "the supervisor could not read the request"
        case RequestFailure.unknownMessage:
            return "the supervisor does not know this request; it is older than the agent"
        case RequestFailure.unknownTarget: return "no such container or exec in this Pod"
        case RequestFailure.noSandbox: return "the Pod has no sandbox\(reason)"
        case RequestFailure.notRunning: return "the container is not running"
        case RequestFailure.shuttingDown: return "the Pod is being shut down"
        case RequestFailure.noOutput: return "the container's output cannot be passed on\(reason)"
        case RequestFailure.noExitRecord: return "there is no room for the container's exit record\(reason)"
        default: return "the supervisor reports failure \(stage) \(subject)\(reason)"
        }
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
