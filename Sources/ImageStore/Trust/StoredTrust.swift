extension ImageTrust {
    /// Why an image that was read from a store may not be used; nil when it may.
    ///
    /// What was verified when it was pulled holds as long as the rule has the key that signed it; an imported image was never
    /// verified.
    public func distrust(of image: StoredImage) -> ImagePullError? {
        do throws(ImagePullError) { return try admit(image.reference)?.distrust(of: image) } catch { return error }
    }
}

extension SignatureRule {
    /// Why an image has no signature that meets the demand; nil when it has.
    fileprivate func distrust(of image: StoredImage) -> ImagePullError? {
        if let signers = image.origin?.signedBy, isMet(by: signers) { return nil }
        let reason =
            image.origin == nil
            ? "it was imported, and its registry was not asked for its signature yet"
            : "it was pulled without a signature by this rule's keys"
        return .untrusted(image.reference, reason: reason, rule: rule)
    }
}

extension ImageStore {
    /// Why an image that is here may not be used; nil when it may, and when there is none of this name.
    ///
    /// Cheap: reads one small file, and that only where a signature is demanded. Who has the image already asks
    /// `ImageTrust` about it: by the time of a second look there may be another one under the name.
    ///
    /// - Throws: `ImageStoreError.storeUnusable`.
    public func distrust(of reference: ImageReference, under trust: ImageTrust) throws -> ImagePullError? {
        let demand: SignatureRule?
        do throws(ImagePullError) { demand = try trust.admit(reference) } catch { return error }
        guard let demand, let image = try image(reference) else { return nil }
        return demand.distrust(of: image)
    }
}
