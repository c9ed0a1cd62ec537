"""What a broker says of itself: OAuth metadata, its token key, the policy in force, its paths.

Spec: RFC 8414 (`/.well-known/oauth-authorization-server`), RFC 7517 (`/jwks.json`), RFC 9449 5.1.
All of it is public and the same for everybody; the policy is the one that the operator publishes,
without clients. `openapi.json` (OpenAPI 3.1) is written by hand; a test holds it to the
application.
"""

from importlib.resources import files

from broker.access_token import AccessTokens
from broker.bundle_file import Snapshot
from broker.client_assertion import TYPE
from broker.jws import ALGORITHMS
from broker.token import ACCESS_TOKEN, ROLE_CREDENTIAL, GrantType
from passport.access.policy import published_policy
from passport.base_url import BaseUrl
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.sealing.hpke import KEM_ID
from passport.sealing.release import LARGEST_REQUEST, MOST_HEADERS
from passport.signing.jwk import public_jwk
from passport.signing.jws import ALGORITHM

METADATA_PATH = "/.well-known/oauth-authorization-server"
TOKEN_PATH = "/token"  # noqa: S105 (a path)
RELEASE_PATH = "/release"
POLICY_PATH = "/policy"
JWKS_PATH = "/jwks.json"
OPENAPI_PATH = "/openapi.json"

_OPENAPI: JsonObject = parse_object(files("broker").joinpath("openapi.json").read_bytes())


def metadata_json(url: BaseUrl) -> JsonObject:
    """Return the authorization server metadata of the broker at a URL."""
    algorithms = sorted(ALGORITHMS)
    return {
        "issuer": str(url),
        "token_endpoint": f"{url}{TOKEN_PATH}",
        "jwks_uri": f"{url}{JWKS_PATH}",
        "service_documentation": f"{url}{OPENAPI_PATH}",
        "response_types_supported": [],
        "grant_types_supported": list(GrantType),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "dpop_signing_alg_values_supported": algorithms,
        # Beyond RFC 8414, all under one name so that it meets no registered one.
        "cellfolio": {
            "release_endpoint": f"{url}{RELEASE_PATH}",
            "policy_endpoint": f"{url}{POLICY_PATH}",
            "client_assertion_type": TYPE,
            "subject_token_type": ROLE_CREDENTIAL,
            "issued_token_type": ACCESS_TOKEN,
            "kem": KEM_ID,
            "headers_max": MOST_HEADERS,
            "body_max": LARGEST_REQUEST,
        },
    }


def jwks_json(tokens: AccessTokens) -> JsonObject:
    """Return the key of a broker's tokens, as a JWK set."""
    key = public_jwk(tokens.signer.public_key)
    return {"keys": [{**key, "kid": tokens.key_id, "alg": ALGORITHM, "use": "sig"}]}


def policy_json(snapshot: Snapshot) -> JsonObject:
    """Return the policy in force, and the bundle that it came in."""
    bundle = snapshot.bundle
    return {
        "seq": bundle.seq,
        "digest": snapshot.digest,
        "validFrom": time_text(bundle.valid_from),
        "validUntil": time_text(bundle.valid_until),
        "policy": published_policy(bundle.policy),
    }


def openapi_bytes(url: BaseUrl) -> bytes:
    """Return the description of the broker at a URL, for machines."""
    return canonical_json({**_OPENAPI, "servers": [{"url": str(url)}]})
