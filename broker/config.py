"""Settings of a broker: a TOML file, the environment, or both; no secret stands in either.

Docs: docs/operate.md. A variable (`CELLFOLIO_BROKER_URL` for `url`) goes before the file. Whatever
is missing, unknown or contradicts something else is refused at the start, all that can be seen
without asking anybody else. Secrets lie in files of their own (`broker.keyring`).
"""

import ipaddress
import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from broker.limits import Limits, Rate
from passport.base_url import BaseUrl
from passport.errors import ConfigError, IdentifierError, VerificationError
from passport.log.checkpoint import LogKey
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import KeyId, Purpose, demo_signer, refuse_demo_keys

DEMO = "demo"
"""What stands in `keys` for the demo's, which everybody has."""
VARIABLE = "CELLFOLIO_BROKER_"
"""What the names of variables begin with."""
PUBLIC = "127.0.0.1:8460"
ADMIN = "127.0.0.1:8461"

T = TypeVar("T")

_TEXTS = (
    *("url", "bundle", "bundle_key", "keys", "database", "anchor", "audit_origin"),
    *("public", "admin"),
)
_LISTS = ("origins", "proxies", "audit_keys")
_TABLES = ("aws_kms", "limits")
_LISTENER = re.compile(r"(\[[0-9a-f:]+\]|[0-9.]+):(0|[1-9][0-9]{0,4})")
_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Listener:
    """An address of this machine; port 0 is any that is free."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a broker is called, where its things lie, and who may ask how much."""

    url: BaseUrl
    """Where clients reach it, as the issuer's DID document says; its name in every token."""
    bundle: Path
    """The signed bundle: policy, clients, issuers, refusals."""
    bundle_key: PublicKey
    """The key that must have signed it."""
    keys: Path | None
    """The folder of its private keys; None for the demo's, and for keys in the environment."""
    is_demo: bool = False
    aws_kms: Mapping[str, str] = field(default_factory=dict)
    """Group keys in AWS KMS: full key ids and ARNs."""
    database: Path
    """Audit log, replays, quotas and denials, in one SQLite file."""
    anchor: Path | None = None
    """Where the audit log's last checkpoint is kept besides, best on another disk."""
    audit_origin: str
    """The audit log's name; another one after records were lost, since no log begins twice."""
    audit_keys: tuple[LogKey, ...] = ()
    """Verifier keys that signed the audit log before the present one."""
    origins: tuple[str, ...] = ()
    """Origins of pages that may ask from a browser: the operator's sites."""
    proxies: tuple[str, ...] = ()
    """Addresses of proxies whose `X-Forwarded-For` is believed."""
    public: Listener
    admin: Listener
    limits: Limits = field(default_factory=Limits)


def read_settings(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Return the settings; `ConfigError` says what is missing or wrong.

    Paths in the file are relative to its folder, those in variables to the present one.
    """
    members = {} if file is None else _read(file)
    folder = Path() if file is None else file.parent
    for name in ("bundle", "keys", "database", "anchor"):
        if name in members and members[name] != DEMO:
            members[name] = str(folder / _text(members, name))
    return settings_of({**members, **_from_environment(environment)})


def settings_of(members: Mapping[str, object]) -> Settings:
    """Return settings by their names in the file; `ConfigError`."""
    for name in members:
        if name not in (*_TEXTS, *_LISTS, *_TABLES):
            known = ", ".join(sorted((*_TEXTS, *_LISTS, *_TABLES)))
            raise _error(f"{quoted(name)} is no setting", f"known are {known}")
    url = _parsed(BaseUrl, members, "url")
    is_demo = members.get("keys") == DEMO
    if is_demo:
        refuse_demo_keys(url)
    settings = Settings(
        url=url,
        bundle=Path(_text(members, "bundle")),
        bundle_key=_bundle_key(members, url, is_demo=is_demo),
        keys=None if is_demo or "keys" not in members else Path(_text(members, "keys")),
        is_demo=is_demo,
        aws_kms=_kms_keys(members),
        database=Path(_text(members, "database")),
        anchor=Path(_text(members, "anchor")) if "anchor" in members else None,
        audit_origin=_text({"audit_origin": f"{url.authority}/audit", **members}, "audit_origin"),
        audit_keys=tuple(_each(LogKey.parse, members, "audit_keys")),
        origins=tuple(str(origin) for origin in _each(BaseUrl, members, "origins")),
        proxies=tuple(str(each) for each in _each(ipaddress.ip_address, members, "proxies")),
        public=_listener(members, "public", PUBLIC),
        admin=_listener(members, "admin", ADMIN),
        limits=_limits(members),
    )
    if settings.public == settings.admin and settings.public.port:
        raise _error("public and admin are one address", "give admin another port")
    return settings


def _read(file: Path) -> dict[str, object]:
    try:
        if file.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise _error(f"others may write {file}", "run chmod go-w on it, and read it again")
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise _error(
            f"{file} can't be read: {reason}", "name the settings with --config"
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _error(f"{file}: {error}", "write it in TOML") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for variable, text in environment.items():
        if variable.startswith(VARIABLE):
            name = variable.removeprefix(VARIABLE).lower()
            if name not in (*_TEXTS, *_LISTS):
                raise _error(f"variable {variable} sets nothing", "take it away, or mend its name")
            found[name] = text.split() if name in _LISTS else text
    return found


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if value is None:
        raise _error(f"{name} is missing", f"set it in the file, or {VARIABLE}{name.upper()}")
    if not isinstance(value, str) or not value:
        raise _error(f"{name} is no text", "write it in quotes")
    return value


def _parsed(parse: Callable[[str], T], members: Mapping[str, object], name: str) -> T:
    text = _text(members, name)
    try:
        return parse(text)
    except (IdentifierError, VerificationError) as error:
        raise _error(f"{name}: {error.message}", error.remedy) from error


def _each(parse: Callable[[str], T], members: Mapping[str, object], name: str) -> list[T]:
    values = members.get(name, [])
    if not isinstance(values, list):
        raise _error(f"{name} is no list", f'write {name} = ["…", "…"]')
    try:
        return [_parsed(parse, {name: value}, name) for value in values]
    except ValueError as error:
        raise _error(f"{name}: {error}", "write one address in each text") from error


def _bundle_key(members: Mapping[str, object], url: BaseUrl, *, is_demo: bool) -> PublicKey:
    demo = demo_signer(KeyId(Purpose.BUNDLE, 1)).public_key
    if is_demo and "bundle_key" not in members:
        return demo
    key = _parsed(PublicKey.parse, members, "bundle_key")
    if key == demo:
        refuse_demo_keys(url)
    return key


def _kms_keys(members: Mapping[str, object]) -> Mapping[str, str]:
    table = _table(members, "aws_kms")
    for key_id, arn in table.items():
        if not isinstance(arn, str) or not _ARN.fullmatch(arn):
            raise _error(f"aws_kms: {quoted(key_id)} has no ARN of a key", "write arn:aws:kms:…")
    return {key_id: str(arn) for key_id, arn in table.items()}


def _listener(members: Mapping[str, object], name: str, default: str) -> Listener:
    text = _text({name: default, **members}, name)
    match = _LISTENER.fullmatch(text)
    try:
        host = str(ipaddress.ip_address(match[1].strip("[]"))) if match else ""
    except ValueError:
        host = ""
    if match is None or not host or int(match[2]) > 65_535:
        raise _error(f"{name}: {quoted(text)} is no address", f"write it like {default}")
    return Listener(host, int(match[2]))


def _limits(members: Mapping[str, object]) -> Limits:
    """Read `[limits]`: a rate is `{per_second, burst}`, a quota a whole number."""
    table = _table(members, "limits")
    known = {each.name: getattr(Limits(), each.name) for each in fields(Limits)}
    found: dict[str, Rate | int] = {}
    for name, value in table.items():
        if name not in known:
            raise _error(f"limits: {quoted(name)} is none", f"known are {', '.join(sorted(known))}")
        found[name] = _rate(name, value) if isinstance(known[name], Rate) else _count(name, value)
    return Limits(**{**known, **found})


def _rate(name: str, value: object) -> Rate:
    table = value if isinstance(value, dict) else {}
    per_second = table.get("per_second")
    if table.keys() != {"per_second", "burst"} or not isinstance(per_second, int | float):
        raise _error(f"limits: {name} is no rate", "write {per_second = 20, burst = 100}")
    if not 0 < per_second <= 1e6:
        raise _error(f"limits: {name} has {per_second} a second", "write 0.001 to 1000000")
    return Rate(float(per_second), _count(name, table["burst"]))


def _count(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _error(f"limits: {name} is no whole number", "write 1 or more")
    return value


def _table(members: Mapping[str, object], name: str) -> dict[str, object]:
    table = members.get(name, {})
    if not isinstance(table, dict):
        raise _error(f"{name} is no table", f"write [{name}]")
    return table


def _error(message: str, remedy: str) -> ConfigError:
    return ConfigError(f"the broker's settings: {message}", remedy)
