"""The formats page tells every event and member of the audit log."""

import asyncio
from pathlib import Path

from broker.audit import Event, erase
from broker.denials import DenialKind
from broker.housekeeping import Housekeeper
from tests.broker_world import AUDIT, world

_PAGE = Path(__file__).parents[2] / "docs" / "formats.md"


def test_every_event_and_member_of_the_audit_log_is_told(tmp_path: Path) -> None:
    _, _, rest = _PAGE.read_text("utf-8").partition("\n## A broker's audit log\n")
    section, _, _ = rest.partition("\n## ")

    def fail(name: str) -> None:
        if name == "sealed":
            raise OSError

    with world(tmp_path, failpoint=fail) as broker:
        asyncio.run(Housekeeper(broker.writer, AUDIT, None, broker.metrics).begin())
        try:
            broker.ask()
        except OSError:
            broker.deny(DenialKind.CLIENT, "recycler")
        broker.store.do(lambda transaction: erase(transaction, "recycler"))
        records = broker.all_records()
    assert {each["event"] for each in records} == set(Event)
    for name in {*Event, *(name for record in records for name in record)}:
        assert f"`{name}`" in section, name
