import ArgumentParser

extension NameSpecification {
    /// The long name, and a letter whose value may follow at once: `-o wide`, `-owide`, as kubectl takes both.
    static func short(_ letter: Character) -> NameSpecification { [.customShort(letter, allowingJoined: true), .long] }
}
