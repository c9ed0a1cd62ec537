"""Deploys to moto, which answers as AWS does, and to rclone, which ignores conditional writes."""

from hashlib import sha256
from pathlib import Path

import boto3
import pytest

from generator.store.folder_objects import FolderObjects
from generator.store.objects import Condition, Expected, ObjectStore, keeps_conditions
from generator.store.s3 import Bucket, open_bucket
from tests.cli import CommandLine
from tests.moto_server import moto
from tests.own_site import OwnSite, bucket_is_whole
from tests.s3_servers import BUCKET, S3Server
from tests.small_site import tree


def bucket(endpoint: str, prefix: str = "") -> ObjectStore:
    return open_bucket(Bucket(name=BUCKET, prefix=prefix, endpoint=endpoint, region=""))


@pytest.fixture(autouse=True)
def _credentials(weed: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in weed.environment.items():
        monkeypatch.setenv(name, value)


def test_a_store_that_ignores_conditions_is_noticed_and_told(
    careless: S3Server, tmp_path: Path, run: CommandLine
) -> None:
    assert not keeps_conditions(bucket(careless.endpoint, "probed"))
    site = OwnSite(
        tmp_path / "project",
        run,
        f'url = "s3://{BUCKET}/careless"\nendpoint = "{careless.endpoint}"\npages = "html"',
    )
    done = run("--project", site.folder, "deploy")
    assert (done.code, "ignores conditional writes" in done.err) == (0, True)
    bucket_is_whole(site)
    site.grows("A3")
    again = site.deploys()
    assert again["conditionalWrites"] is False
    bucket_is_whole(site)
    assert site.deploys()["written"] == 0


def test_a_store_that_keeps_conditions_is_known(weed: S3Server, tmp_path: Path) -> None:
    assert keeps_conditions(bucket(weed.endpoint, "probed"))
    assert keeps_conditions(FolderObjects(tmp_path / "folder"))


@pytest.mark.parametrize("kind", ["folder", "weed"])
def test_a_write_happens_only_on_what_was_expected(
    kind: str, weed: S3Server, tmp_path: Path
) -> None:
    stores = {"folder": FolderObjects(tmp_path / "folder"), "weed": bucket(weed.endpoint, "cas")}
    store: ObjectStore = stores[kind]

    def put(key: str, content: bytes, on: Condition) -> str:
        return store.put(key, content, sha256(content).hexdigest(), {}, on)

    first = put("a/b", b"one", Expected.NOTHING)
    assert first
    assert not put("a/b", b"two", Expected.NOTHING)
    second = put("a/b", b"two", first)
    assert second not in ("", first)
    assert not put("a/b", b"three", first)
    assert not put("missing", b"x", first)
    assert store.get("a/b") == b"two"
    assert (store.get("missing"), store.head("missing")) == (None, None)
    assert "a/b" in set(store.every_key())
    store.delete("a/b")
    assert store.get("a/b") is None


def test_moto_takes_a_whole_site_and_cloudfront_is_told(
    tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with moto() as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        cloudfront = boto3.client("cloudfront")
        distribution = cloudfront.create_distribution(DistributionConfig=_DISTRIBUTION)
        identity = distribution["Distribution"]["Id"]
        site = OwnSite(
            tmp_path / "project", run, f'url = "s3://{BUCKET}"\ncloudfront = "{identity}"'
        )
        assert site.deploys()["written"] == len(tree(site.site))
        bucket_is_whole(site)
        assert _invalidated(cloudfront, identity) == 0
        site.grows("A3")
        replaced = site.deploys()["replaced"]
        bucket_is_whole(site)
        assert isinstance(replaced, list)
        assert "/manifest/index.json" in replaced
        assert _invalidated(cloudfront, identity) == 1
        assert site.deploys()["written"] == 0
        assert _invalidated(cloudfront, identity) == 1


_DISTRIBUTION = {
    "CallerReference": "1",
    "Comment": "",
    "Enabled": True,
    "Origins": {
        "Quantity": 1,
        "Items": [
            {
                "Id": "bucket",
                "DomainName": f"{BUCKET}.s3.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            }
        ],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "bucket",
        "ViewerProtocolPolicy": "https-only",
        "MinTTL": 0,
        "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
    },
}


def _invalidated(cloudfront: object, identity: str) -> int:
    assert hasattr(cloudfront, "list_invalidations")
    found = cloudfront.list_invalidations(DistributionId=identity)
    return len(found["InvalidationList"].get("Items", []))
