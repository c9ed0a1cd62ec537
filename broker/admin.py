"""The admin listener: health, readiness, metrics; for the operator's own network.

Nothing here says who asked for what. `/healthz` answers while the process lives, `/readyz` while
it can release keys (503 otherwise), `/metrics` in Prometheus' text format.
"""

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from broker.app import Broker
from broker.metrics import MEDIA_TYPE
from broker.readiness import hindrances
from broker.writer import Writer

HEALTH_PATH = "/healthz"
READINESS_PATH = "/readyz"
METRICS_PATH = "/metrics"


@dataclass(frozen=True, slots=True)
class Admin:
    """What the operator asks about."""

    broker: Broker
    writer: Writer

    async def health(self, _request: Request) -> Response:
        """`GET /healthz`."""
        return PlainTextResponse("ok\n")

    async def ready(self, _request: Request) -> Response:
        """`GET /readyz`: 200, or 503 with the codes of what hinders."""
        codes = await hindrances(self.broker.bundle, self.writer, self.broker.clock())
        self.broker.metrics.is_ready.set(not codes)
        return JSONResponse(
            {"ready": not codes, "hindered_by": list(codes)}, status_code=503 if codes else 200
        )

    async def count(self, _request: Request) -> Response:
        """`GET /metrics`."""
        return Response(self.broker.metrics.to_bytes(), media_type=MEDIA_TYPE)


def admin_app(admin: Admin) -> Starlette:
    """Return the application of the admin listener."""
    return Starlette(
        routes=[
            Route(HEALTH_PATH, admin.health),
            Route(READINESS_PATH, admin.ready),
            Route(METRICS_PATH, admin.count),
        ]
    )
