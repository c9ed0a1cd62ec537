"""What tests of the generator get: AWS KMS on a loopback port."""

from collections.abc import Iterator

import pytest

from tests.fake_kms import FakeKms, found_by_boto3


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKms]:
    """Return a KMS that boto3 finds."""
    with found_by_boto3(monkeypatch) as service:
        yield service
