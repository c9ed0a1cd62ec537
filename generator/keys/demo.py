"""The issuer of a demo: keys from a public seed, a DID log that is the same on every machine.

Everybody has these keys, so they are refused for a base_url that could be taken for real.
"""

from datetime import UTC, datetime

from generator.keys.issuer import Issuer, make_issuer
from passport.base_url import BaseUrl
from passport.did_document import issuer_document
from passport.did_web import issuer_did
from passport.did_webvh_log import create_log, new_did
from passport.keys import IssuerKey, KeyId, Purpose, demo_signer, refuse_demo_keys

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""When every demo's log began, so that two machines make the same bytes."""

_ISSUING = KeyId(Purpose.ISSUING, 1)
_CHECKPOINT = KeyId(Purpose.CHECKPOINT, 1)
_UPDATE = KeyId(Purpose.UPDATE, 1)
_NEXT_UPDATE = KeyId(Purpose.UPDATE, 2)


def demo_issuer(base_url: BaseUrl) -> Issuer:
    """Return the demo issuer of a site; `ConfigError` for a base_url that could be real."""
    refuse_demo_keys(base_url)
    signer = demo_signer(_ISSUING)
    location = issuer_did(base_url)
    keys = tuple(
        IssuerKey(key_id=key_id, public_key=demo_signer(key_id).public_key)
        for key_id in (_ISSUING, _CHECKPOINT)
    )
    log = create_log(
        issuer_document(str(new_did(location)), keys, (str(location),)),
        signer=demo_signer(_UPDATE),
        next_key=demo_signer(_NEXT_UPDATE).public_key,
        time=CREATED,
    )
    return make_issuer(base_url, log, _ISSUING, signer, demo_signer(_CHECKPOINT), CREATED)
