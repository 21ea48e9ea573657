"""What the adapter is told, and what it decides for all installations alike."""

from dataclasses import dataclass
from typing import Final

from helpdesk.neighbours import Amqp

# How many deliveries of one queue a process may hold.  Not to be configured: a quorum queue puts
# returned messages in line in the order of their return (rabbitmq-server#8261), so that whoever
# takes over must take all of them at once, or those left behind would be overtaken.
PREFETCH: Final = 100
AT_ONCE: Final = 64  # handlers of one queue in one process; most wait for the store's pool
IN_FLIGHT: Final = 1000  # publishes not yet confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class AmqpOptions:
    """`first_pause` to `longest_pause`: seconds between two tries, doubling."""

    url: str
    prefix: str = "helpdesk"
    partitions: int = 8
    attempts: int = 5
    delivery_limit: int = 200
    timeout: float = 5.0
    heartbeat: int = (
        5  # the broker misses a machine that is gone after two: as soon as its leases end
    )
    first_pause: float = 0.2
    longest_pause: float = 5.0
    drain: float = 15.0  # seconds for handlers at work to end, on leaving
    share_every: float = 1.0  # seconds between two looks at how the partitions are shared

    @classmethod
    def of(cls, settings: Amqp, *, stop_seconds: float) -> "AmqpOptions":
        return cls(
            drain=stop_seconds * 0.75,  # the rest is for the neighbours' good-bye
            url=settings.url,
            prefix=settings.prefix,
            partitions=settings.partitions,
            attempts=settings.attempts,
            delivery_limit=settings.delivery_limit,
            timeout=settings.timeout_seconds,
            heartbeat=settings.heartbeat_seconds,
        )

    def pause(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row, before jitter."""
        return min(self.longest_pause, self.first_pause * 2.0 ** min(failures - 1, 16))
