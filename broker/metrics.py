"""What a broker counts, for Prometheus; no name of a client, a passport or a key among it."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

MEDIA_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._keys = Counter(
            "cellfolio_keys", "Keys asked for, by outcome", ["outcome"], registry=self._registry
        )
        self._answers = Counter(
            "cellfolio_answers",
            "Answers, by path and by status or reason",
            ["path", "outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "cellfolio_answer_seconds",
            "Seconds to an answer, by path",
            ["path"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.is_ready = _gauge(self._registry, "ready", "1 while keys can be released")
        self.audit_size = _gauge(self._registry, "audit_records", "Records of the audit log")
        self.audit_unsigned = _gauge(
            self._registry, "audit_unsigned_records", "Records behind the last checkpoint"
        )
        self.bundle_seq = _gauge(self._registry, "bundle_seq", "Number of the bundle in use")
        self.bundle_until = _gauge(
            self._registry, "bundle_valid_until_seconds", "When the bundle in use ends (Unix time)"
        )
        self.reload_failures = Counter(
            "cellfolio_reload_failures",
            "Bundles and keys that could not be taken into use",
            registry=self._registry,
        )

    def count_keys(self, *, released: int, refused: int) -> None:
        """Count the keys of one release."""
        self._keys.labels("released").inc(released)
        self._keys.labels("refused").inc(refused)

    def count_answer(self, path: str, outcome: str, seconds: float) -> None:
        """Count an answer; `path` is one of the routes, never what a request named."""
        self._answers.labels(path, outcome).inc()
        self._seconds.labels(path).observe(seconds)

    def to_bytes(self) -> bytes:
        """Return all of them in Prometheus' text format."""
        return generate_latest(self._registry)


def _gauge(registry: CollectorRegistry, name: str, text: str) -> Gauge:
    return Gauge(f"cellfolio_{name}", text, registry=registry)
