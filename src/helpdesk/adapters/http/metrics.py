"""Counts for operators: by route template only, never by a number, name or id."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from helpdesk.adapters.http.streams import Streams

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class HttpMetrics:
    def __init__(self, registry: CollectorRegistry, streams: Streams) -> None:
        labels = ("method", "route")
        self._requests = Counter(
            "helpdesk_http_requests",
            "Requests answered.",
            (*labels, "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "helpdesk_http_request_seconds",
            "Time until the answer was ready, without feeds and long polls.",
            labels,
            buckets=_SECONDS,
            registry=registry,
        )
        connections = Gauge(
            "helpdesk_feed_connections", "Dashboards that follow the feed.", registry=registry
        )
        connections.set_function(lambda: len(streams))

    def count(self, method: str, route: str, status: int, *, seconds: float, waits: bool) -> None:
        """Note an answer; `waits` says that it took its time on purpose."""
        self._requests.labels(method, route, str(status)).inc()
        if not waits:
            self._seconds.labels(method, route).observe(seconds)
