"""The broker's description for machines: `openapi.json`, OpenAPI 3.1, written by hand.

A test holds it to the application; only the address of the broker is filled in here.
"""

from importlib.resources import files

from passport.base_url import BaseUrl
from passport.canonical import JsonObject, canonical_json
from passport.strict_json import parse_object

_DOCUMENT: JsonObject = parse_object(files("broker").joinpath("openapi.json").read_bytes())


def openapi_bytes(url: BaseUrl) -> bytes:
    """Return the description of the broker at a URL."""
    return canonical_json({**_DOCUMENT, "servers": [{"url": str(url)}]})
