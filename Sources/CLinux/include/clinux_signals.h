// Signals that are read from a descriptor instead of interrupting.
#pragma once

/// A descriptor that is readable after `signal` came; closed on exec. The signal must be blocked in every thread.
int clinux_signalfd(int signal);

/// Forgets what came so far.
void clinux_signalfd_drain(int descriptor);
