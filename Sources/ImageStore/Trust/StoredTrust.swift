extension ImageStore {
    /// Why an image that is here may not be used; nil when it may, and when there is none of this name.
    ///
    /// Cheap: reads one small file, and that only where a signature is demanded. What was verified when the image was
    /// pulled holds as long as the rule has the key that signed it; an imported image was never verified.
    ///
    /// - Throws: `ImageStoreError.storeUnusable`.
    public func distrust(of reference: ImageReference, under trust: ImageTrust) throws -> ImagePullError? {
        let demand: SignatureRule?
        do throws(ImagePullError) { demand = try trust.admit(reference) } catch { return error }
        guard let demand, let image = try image(reference) else { return nil }
        if let signers = image.origin?.signedBy, demand.isMet(by: signers) { return nil }
        let reason =
            image.origin == nil
            ? "it was imported, and its registry was not asked for its signature yet"
            : "it was pulled without a signature by this rule's keys"
        return .untrusted(reference, reason: reason, rule: demand.rule)
    }
}
