"""A4, A20: a broker asks nobody. It has no client for HTTP or anything else, but for AWS KMS."""

from pathlib import Path

from tests.architecture import Module

BROKER = Path(__file__).parents[2] / "broker"
CLIENTS = frozenset(
    {
        *("http.client", "urllib.request", "urllib.robotparser", "ftplib", "smtplib", "xmlrpc"),
        *("requests", "httpx", "urllib3", "aiohttp", "websockets", "subprocess", "telnetlib"),
        *("asyncio.open_connection", "socket.create_connection", "socket.socket"),
    }
)


def test_no_module_of_the_broker_can_reach_out() -> None:
    found = set()
    for path in BROKER.rglob("*.py"):
        module = Module(path.stem, path.read_text("utf-8"))
        found |= {(path.stem, i.name) for i in module.imports if i.within(CLIENTS)}
        found |= {(path.stem, i.root) for i in module.imports if i.root in {"boto3", "botocore"}}
        for name in ("open_connection(", "create_connection(", ".connect(("):
            assert name not in module.source, path
    assert found == {("kms_mac", "boto3"), ("kms_mac", "botocore")}
