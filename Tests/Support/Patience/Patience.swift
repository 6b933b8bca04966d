import Foundation

/// How much longer than on a quick machine tests wait for something to happen: 1, or what RECONCILE_TEST_PATIENCE says.
///
/// An emulated processor needs five to ten times as long for everything. Only deadlines are stretched by it, never what is
/// measured.
public let patience = max(1, ProcessInfo.processInfo.environment["RECONCILE_TEST_PATIENCE"].flatMap { Int($0) } ?? 1)
