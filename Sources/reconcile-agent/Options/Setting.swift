import ArgumentParser
import Glibc

/// A setting's value: from the command line, else from `RECONCILE_AGENT_<NAME>`, else from the configuration file, else
/// the default.
///
/// - Parameters:
///   - option: the option as parsed; nil when it was not given.
///   - name: the option's name without dashes, for example `state-dir`.
/// - Throws: `CommandFailure` when variable or file hold something the option would not take.
func setting<Value: ExpressibleByArgument>(_ option: Value?, _ name: String, default value: Value) throws -> Value {
    try setting(option, name) ?? value
}

/// A setting's value, or nil when nothing has it.
func setting<Value: ExpressibleByArgument>(_ option: Value?, _ name: String) throws -> Value? {
    if let option { return option }
    let variable = "RECONCILE_AGENT_" + name.uppercased().replacing("-", with: "_")
    guard let text = getenv(variable).map({ String(cString: $0) }), !text.isEmpty else {
        return try ConfigFile.current?.value(of: name)
    }
    guard let value = Value(argument: text) else {
        throw CommandFailure(
            .usage, "\(variable) is '\(text)', which --\(name) does not take", hint: "unset \(variable), or see --help")
    }
    return value
}
