"""The access policy as everybody may read it: `/access/policy.json`, without persons.

Clients, issuers and refusals are not in it; brokers get those in the bundle.
"""

from collections.abc import Iterator

from generator.build.artifact import Artifact, CacheClass
from passport.access.decision import AccessPolicy
from passport.access.policy import published_policy
from passport.encoding.canonical import canonical_json

POLICY_PATH = "/access/policy.json"


def policy_document(policy: AccessPolicy | None) -> Iterator[Artifact]:
    """Yield the policy's file, or nothing for a site without a policy."""
    if policy is not None:
        yield Artifact(
            url_path=POLICY_PATH,
            content=canonical_json(published_policy(policy)),
            media_type="application/json",
            cache=CacheClass.DATA,
        )
