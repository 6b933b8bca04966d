// The worker of the image store's tests: what `reconcile-agent worker unpack` is to the agent.
import Glibc
import ImageStore

exit(UnpackWorker.run())
