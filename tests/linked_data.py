"""A passport as JSON-LD processors see it, compared with its JSON member by member.

Spec: JSON-LD 1.1 Processing Algorithms, Expansion, done by pyld. Expansion drops without a word
whatever has no term, so here is held that each member became one property of its own name, and
each value one value: a number the same number, a text the same text in its language, an address
the same address, a list the same list. Contexts come from packages and from the site; nothing is
fetched.
"""

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from pyld import jsonld

from passport.signing.proof import BASE_CONTEXT

CREDENTIALS_DIGEST = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
"""What Verifiable Credentials Data Model 2.0, B.1, says of the context's bytes."""

Object = dict[str, Any]

_KEYWORDS = {"id": "@id", "type": "@type"}
_OTHER_NAMES = {"mediaType": "encodingFormat"}
"""Members of the W3C's context whose property has another name."""
_NAMED_VALUES = {"proofPurpose": "https://w3id.org/security#assertionMethod"}
"""Members whose value is itself a term."""


def credentials_context() -> Any:  # noqa: ANN401 (JSON)
    """Return the W3C's context, as it lies in openvc-core."""
    content = (files("openvc") / "proof/contexts/credentials-v2.json").read_bytes()
    assert hashlib.sha256(content).hexdigest() == CREDENTIALS_DIGEST
    return json.loads(content)


def expanded(document: Mapping[str, Any], contexts: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return the one node that a document stands for; `contexts` are served besides the W3C's."""
    known = {BASE_CONTEXT: credentials_context(), **contexts}

    def load(url: str, _options: object) -> dict[str, Any]:
        return {"documentUrl": url, "document": known[url], "contextUrl": None}

    (node,) = jsonld.expand(document, {"documentLoader": load})
    return node


def differences(member: Any, value: Any, where: str = "$") -> list[str]:  # noqa: ANN401
    """Return where a member's JSON and its expansion say different things."""
    match member:
        case dict() if _is_language_map(value):
            texts = {part["@language"]: part["@value"] for part in value}
            return [] if texts == member and len(value) == len(member) else [f"{where}: {value}"]
        case dict():
            return _node_differences(member, _only(value), where)
        case list():
            return _list_differences(member, value, where)
    return [] if _says(_only(value), member) else [f"{where}: {member!r} became {value}"]


def _says(single: Any, member: Any) -> bool:  # noqa: ANN401
    """Whether one value is that text, number or truth value; an address must be absolute."""
    if not isinstance(single, dict):
        return False
    if "@id" in single:
        return single == {"@id": member} and _is_absolute(member)
    said = single.get("@value")
    return type(said) is type(member) and said == member


def _node_differences(members: Mapping[str, Any], node: Any, where: str) -> list[str]:  # noqa: ANN401
    if not isinstance(node, dict):
        return [f"{where}: no node but {node}"]
    if isinstance(node.get("@graph"), list):
        node = _only(node["@graph"])
    left = dict(node)
    found = []
    for name in members.keys() - {"@context"}:
        keys = [key for key in left if _names(key, name)]
        if len(keys) != 1:
            found.append(f"{where}.{name}: became {keys}")
            continue
        value = left.pop(keys[0])
        if name in _NAMED_VALUES:
            assert value == [{"@id": _NAMED_VALUES[name]}]
        elif name in _KEYWORDS:
            found += _keyword_differences(name, members[name], value, where)
        else:
            found += differences(members[name], value, f"{where}.{name}")
    return found + [f"{where}: {key} comes from no member" for key in left]


def _keyword_differences(name: str, member: Any, value: Any, where: str) -> list[str]:  # noqa: ANN401
    if name == "id":
        return [] if value == member and _is_absolute(value) else [f"{where}.id: became {value}"]
    types = member if isinstance(member, list) else [member]
    same = len(types) == len(value) and all(
        _is_absolute(iri) and _names(iri, type_) for type_, iri in zip(types, value, strict=True)
    )
    return [] if same else [f"{where}.type: became {value}"]


def _list_differences(members: list[Any], value: Any, where: str) -> list[str]:  # noqa: ANN401
    parts = _only(value).get("@list", value) if isinstance(_only(value), dict) else value
    if len(parts) != len(members):
        return [f"{where}: {len(members)} became {len(parts)}"]
    return [
        difference
        for number, (member, part) in enumerate(zip(members, parts, strict=True))
        for difference in differences(member, [part], f"{where}[{number}]")
    ]


def _is_language_map(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and all(
        isinstance(part, dict) and part.keys() == {"@language", "@value"} for part in value
    )


def _only(value: Any) -> Any:  # noqa: ANN401
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _names(key: str, name: str) -> bool:
    wanted = _KEYWORDS.get(name, _OTHER_NAMES.get(name, name))
    return key == wanted or (
        _is_absolute(key) and key.endswith((f"#{wanted}", f"/{wanted}", f":{wanted}"))
    )


def _is_absolute(iri: str) -> bool:
    return iri.startswith(("https://", "http://", "urn:", "did:"))
