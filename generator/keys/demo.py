"""The issuer of a demo: keys from a public seed, a DID log that is the same on every machine.

Everybody has these keys, so they are refused for a base_url that could be taken for real.
"""

from datetime import UTC, datetime, timedelta

from generator.keys.issuer import Issuer, make_issuer
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress, broker_services
from passport.did.document import issuer_document
from passport.did.web import issuer_did
from passport.did.webvh import verify_did_log
from passport.did.webvh_log import append_to_log, create_log, new_did
from passport.signing.keys import IssuerKey, KeyId, Purpose, demo_signer, refuse_demo_keys

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""When every demo's log began, so that two machines make the same bytes."""

_TOLD_BROKERS = CREATED + timedelta(seconds=1)
_ISSUING = KeyId(Purpose.ISSUING, 1)
_CHECKPOINT = KeyId(Purpose.CHECKPOINT, 1)
_UPDATES = tuple(KeyId(Purpose.UPDATE, number) for number in (1, 2, 3))


def demo_issuer(base_url: BaseUrl, brokers: tuple[BrokerAddress, ...]) -> Issuer:
    """Return the demo issuer of a site; `ConfigError` for a base_url that could be real."""
    refuse_demo_keys(base_url)
    log = _log(base_url, brokers)
    signer, checkpoint = demo_signer(_ISSUING), demo_signer(_CHECKPOINT)
    return make_issuer(base_url, log, _ISSUING, signer, checkpoint, _TOLD_BROKERS)


def _log(base_url: BaseUrl, brokers: tuple[BrokerAddress, ...]) -> bytes:
    """Return a log that begins alike with and without brokers: they are told a second later."""
    location = issuer_did(base_url)
    keys = tuple(
        IssuerKey(key_id=key_id, public_key=demo_signer(key_id).public_key)
        for key_id in (_ISSUING, _CHECKPOINT)
    )
    first, second, third = map(demo_signer, _UPDATES)
    log = create_log(
        issuer_document(str(new_did(location)), keys, (str(location),)),
        signer=first,
        next_key=second.public_key,
        time=CREATED,
    )
    if not brokers:
        return log
    did = str(verify_did_log(log, now=CREATED).latest.did)
    return append_to_log(
        log,
        issuer_document(did, keys, (str(location),), broker_services(brokers)),
        signer=second,
        next_key=third.public_key,
        time=_TOLD_BROKERS,
    )
