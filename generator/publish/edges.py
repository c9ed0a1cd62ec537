"""Telling a content delivery network what changed; CloudFront is the one that can be told.

Whatever has versions is asked for again at each visit (`generator.publish.headers`), so this
matters for sealed files, which may be kept for a day, and for edges that were set to keep more than
they are told. Spec: CloudFront API Reference, CreateInvalidation.
"""

import secrets
from collections.abc import Sequence
from urllib.parse import quote

from generator.aws.session import asking, aws_client

_MOST_PATHS = 15
"""Above it everything is invalidated at once: CloudFront charges by the path."""
_REGION = "us-east-1"  # CloudFront has one place for all regions


def invalidate(distribution: str, paths: Sequence[str]) -> None:
    """Ask CloudFront to forget URL paths, if there are any; `HostError` when it refuses."""
    if not paths:
        return
    named = [quote(path, safe="/%*") for path in paths] if len(paths) <= _MOST_PATHS else ["/*"]
    client = aws_client("cloudfront", _REGION, needed_for="CloudFront's invalidations", extra="s3")
    with asking(
        f"CloudFront does not serve the distribution {distribution}",
        "the site is deployed; check deploy.cloudfront and cloudfront:CreateInvalidation, "
        "then invalidate /* by hand",
    ):
        client.create_invalidation(
            DistributionId=distribution,
            InvalidationBatch={
                "Paths": {"Quantity": len(named), "Items": named},
                "CallerReference": secrets.token_hex(16),
            },
        )
