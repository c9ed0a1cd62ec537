"""The ceremony: keys are begun, rotated and revoked, and the issuer's DID log tells of it.

DESIGN 5. Every entry of the log is signed by the update key that the entry before committed to, and
commits to another; so each change uses up one update key. Values in, values out: what comes back is
a `Change`, which nobody has written yet. Docs: docs/keys.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from generator.keys.folder import PublicState
from generator.keys.register import IN_DOCUMENT, Key, Register, State
from generator.keys.signers import MakeKey, NewKey, OpenKey
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress, broker_services, brokers_of, is_broker
from passport.did.document import issuer_document
from passport.did.web import issuer_did
from passport.did.webvh import DidLog, DidWebvh, Version, verify_did_log
from passport.did.webvh_log import append_to_log, create_log, new_did
from passport.did.webvh_parameters import key_hash
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import as_object, list_of, text_of
from passport.errors import ConfigError
from passport.signing.keys import KeyId, Purpose, Revocation

_FIRST_UPDATE = KeyId(Purpose.UPDATE, 1)
_NEXT_UPDATE = KeyId(Purpose.UPDATE, 2)
FIRST = (
    KeyId(Purpose.ISSUING, 1),
    _FIRST_UPDATE,
    _NEXT_UPDATE,
    KeyId(Purpose.CHECKPOINT, 1),
    KeyId(Purpose.BUNDLE, 1),
)
"""The keys that a project begins with."""

_TOLD = ("verificationMethod", "assertionMethod")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a step of the ceremony leads to; `seeds` are what must be kept in files."""

    public: PublicState
    made: tuple[KeyId, ...]
    seeds: Mapping[KeyId, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """One step at one time, for the issuer at `base_url`; how keys are made is passed in."""

    base_url: BaseUrl
    make: MakeKey
    open: OpenKey
    now: datetime

    def begin(self, brokers: tuple[BrokerAddress, ...] = ()) -> Change:
        """Make the first keys and a log of one entry, which names the brokers."""
        location = issuer_did(self.base_url)
        new = {key_id: self.make(key_id) for key_id in FIRST}
        register = Register(tuple(self._key(key_id, key) for key_id, key in new.items()))
        log = create_log(
            issuer_document(
                str(new_did(location)),
                register.in_document,
                (str(location),),
                broker_services(brokers),
            ),
            signer=new[_FIRST_UPDATE].signer,
            next_key=new[_NEXT_UPDATE].public_key,
            time=self.now,
        )
        return _change(PublicState(register, log), new)

    def rotate(self, public: PublicState, purpose: Purpose) -> Change:
        """Put a new key in place of the active one, which stays good for what it signed."""
        log = self._checked(public)
        if purpose is Purpose.UPDATE:
            return self._append(public, log, public.register, {})
        key_id = public.register.free_id(purpose)
        new = {key_id: self.make(key_id)}
        register = public.register.rotated(self._key(key_id, new[key_id]))
        if purpose not in IN_DOCUMENT:
            return _change(PublicState(register, public.log), new)
        return self._append(public, log, register, new)

    def revoke(self, public: PublicState, key_id: KeyId, log_size: int) -> Change:
        """Declare a retired key worthless for all that was logged at `log_size` or later."""
        if key_id.purpose is Purpose.UPDATE:
            raise ConfigError(
                f"{key_id} can't be revoked: an update key signs one entry and no other",
                "if the next one was stolen, run `cellfolio keys rotate update` before the thief",
            )
        log = self._checked(public)
        revocation = Revocation(time=self.now, log_size=log_size)
        register = public.register.revoked(key_id, revocation)
        if key_id.purpose not in IN_DOCUMENT:
            return _change(PublicState(register, public.log), {})
        return self._append(public, log, register, {})

    def move(self, public: PublicState) -> Change:
        """Tell that the issuer goes on at another base URL, with the same keys and history."""
        log = verify_did_log(public.log, now=self.now)
        _check_agreement(public.register, log)
        if log.latest.did.location == issuer_did(self.base_url):
            raise ConfigError(
                f"the DID log is of {self.base_url} already", "change base_url first, then move"
            )
        return self._append(public, log, public.register, {})

    def tell_brokers(self, public: PublicState, brokers: tuple[BrokerAddress, ...]) -> Change:
        """Tell other brokers than before; `ConfigError` if they are the same."""
        log = self._checked(public)
        if brokers_of(log.latest.state) == brokers:
            raise ConfigError(
                "the DID log names these brokers already", "change [[brokers]] first, then tell it"
            )
        others = tuple(each for each in _services(log.latest) if not is_broker(each))
        services = (*broker_services(brokers), *others)
        return self._append(public, log, public.register, {}, services)

    def _checked(self, public: PublicState) -> DidLog:
        log = verify_did_log(public.log, now=self.now)
        check_location(log, self.base_url)
        _check_agreement(public.register, log)
        return log

    def _append(
        self,
        public: PublicState,
        log: DidLog,
        register: Register,
        new: Mapping[KeyId, NewKey],
        services: tuple[JsonObject, ...] | None = None,
    ) -> Change:
        """Append an entry that tells this register; the pre-committed update key signs it.

        Services stay as they were told, unless there are others.
        """
        signer = self.open(register.next_update)
        key_id = register.free_id(Purpose.UPDATE)
        successor = self.make(key_id)
        did = DidWebvh(log.latest.did.scid, issuer_did(self.base_url))
        told = _services(log.latest) if services is None else services
        document = issuer_document(str(did), register.in_document, _names(log, did), told)
        extended = append_to_log(
            public.log, document, signer=signer, next_key=successor.public_key, time=self.now
        )
        changed = register.update_rotated(self._key(key_id, successor, State.NEXT))
        return _change(PublicState(changed, extended), {**new, key_id: successor})

    def _key(self, key_id: KeyId, new: NewKey, state: State = State.ACTIVE) -> Key:
        return Key(
            key_id=key_id,
            public_key=new.public_key,
            source=new.source,
            arn=new.arn,
            created=self.now,
            state=State.NEXT if key_id == _NEXT_UPDATE else state,
        )


def check_location(log: DidLog, base_url: BaseUrl) -> None:
    """Hold a log to the place where the site answers; `ConfigError` if it is another's."""
    location = log.latest.did.location
    if location != issuer_did(base_url):
        raise ConfigError(
            f"the DID log is of {location.base_url}, base_url is {base_url}",
            "put base_url back, or tell the move with `cellfolio keys move`",
        )


def _check_agreement(register: Register, log: DidLog) -> None:
    # Else whoever slips a line into the register gets a key into the next DID document.
    latest = log.latest
    expected = issuer_document(str(latest.did), register.in_document, ())
    same = all(expected[name] == latest.state.get(name) for name in _TOLD)
    committed = key_hash(register.next_update.public_key) in latest.parameters.next_key_hashes
    if not same or not committed:
        raise ConfigError(
            "register and DID log tell different keys",
            "put keys.toml and did.jsonl back from one commit",
        )


def _change(public: PublicState, new: Mapping[KeyId, NewKey]) -> Change:
    return Change(
        public=public,
        made=tuple(new),
        seeds={key_id: key.seed for key_id, key in new.items() if key.seed is not None},
    )


def _names(log: DidLog, did: DidWebvh) -> tuple[str, ...]:
    """Return what else the issuer is called: its did:web, and each DID that it had elsewhere."""
    former = [version.did for version in log.versions if version.did != did]
    webs = (str(name.location) for name in former)
    return tuple(dict.fromkeys((str(did.location), *map(str, former), *webs)))


def _services(latest: Version) -> tuple[JsonObject, ...]:
    """Return the services told so far, their ids without the DID, which a move changes."""
    return tuple(
        {**service, "id": text_of(service, "id").removeprefix(str(latest.did))}
        for service in (as_object(raw, "service") for raw in list_of(latest.state, "service"))
    )
