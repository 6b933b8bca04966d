extension Shape where Value == MilliCPU {
    /// An amount of processor time, rounded up to a thousandth of a processor.
    static var milliCPU: Shape {
        Shape("quantity") {
            MilliCPU($0)
        } encode: {
            .string($0.description)
        }
    }
}

extension Shape where Value == Bytes {
    /// An amount of memory, rounded up to a byte.
    static var bytes: Shape {
        Shape("quantity", isWhole: true) {
            Bytes($0)
        } encode: {
            .string($0.description)
        }
    }
}

extension Shape where Value == Quantity {
    /// An amount of whatever it is used for.
    static var quantity: Shape {
        Shape("quantity") {
            $0
        } encode: {
            .string($0.description)
        }
    }
}

extension Shape {
    /// A quantity, written as text or as a number.
    ///
    /// - Parameters:
    ///   - isWhole: whether a fraction is noticed; most often `m` was written where `M` was meant.
    ///   - amount: what it amounts to; nil when it is too large.
    fileprivate init(
        _ name: String, isWhole: Bool = false, amount: @escaping @Sendable (Quantity) -> Value?,
        encode: @escaping @Sendable (Value) -> JSONValue
    ) {
        self.init(
            name,
            decode: { node, decoding in
                let text: String
                switch node.content {
                case .scalar(.string(let string), _): text = string
                case .scalar(.int, _), .scalar(.double, _): text = node.json.canonical
                default:
                    decoding.mismatch("a quantity", node)
                    return nil
                }
                do throws(QuantityError) {
                    let quantity = try Quantity(text.trimmingBlanks)
                    guard let amount = amount(quantity) else { throw .tooLarge(text) }
                    let decoded = Decoded(value: amount, written: encode(amount))
                    guard decoding.checksRules else { return decoded }
                    if quantity < Quantity(0) {
                        decoding.report(
                            "\(decoding.path.words): Invalid value: \(text.quoted): must be greater than or equal to 0",
                            at: node.place)
                    } else if isWhole, quantity.roundedUp(toDigits: 0).map({ Quantity($0) != quantity }) ?? false {
                        decoding.report(
                            "\(decoding.path.words): \(text.quoted) has a fraction and counts as \(amount)",
                            at: node.place,
                            hint: text.hasSuffix("m") ? text.dropLast().meantAsMega : nil, severity: .notice)
                    }
                    return decoded
                } catch {
                    decoding.report(
                        "\(decoding.path.words): Invalid value: \(text.quoted): \(error)", at: node.place,
                        hint: error.hint)
                    return nil
                }
            }, encode: encode)
    }
}

extension String {
    /// Without blanks around it, which Kubernetes forgives in quantities.
    fileprivate var trimmingBlanks: Substring {
        let start = drop { $0.isWhitespace }
        return start.prefix(start.count - start.reversed().prefix { $0.isWhitespace }.count)
    }
}

extension Substring {
    /// For a number whose suffix `m`, a thousandth, was meant as something larger.
    fileprivate var meantAsMega: String { "did you mean \((self + "M").quoted) or \((self + "Mi").quoted)?" }
}
