"""Limits of hosts: told before they hurt."""

from pathlib import Path

import pytest

from generator.publish import limits
from generator.publish.limits import Size, near_limits, size_of
from tests.cli import CommandLine
from tests.own_site import OwnSite

SMALL = Size(files=400, in_one_folder=20, largest_file=200_000, total=5_000_000)


def told(**larger: int) -> list[str]:
    size = Size(**{name: larger.get(name, getattr(SMALL, name)) for name in Size.__slots__})
    return [f"{host.host}: {what}" for host, what in near_limits(size)]


def test_a_small_site_fits_everywhere() -> None:
    assert told() == []


def test_each_limit_is_told_before_it_is_reached() -> None:
    assert told(files=16_001) == ["Cloudflare Pages, free: 16,001 of at most 20,000 files"]
    assert told(in_one_folder=50_000) == ["Netlify: 50,000 of at most 54,000 files in one folder"]
    assert len(told(largest_file=24 << 20)) == 2
    assert len(told(total=900_000_000)) == 2


def test_a_folder_is_measured(tmp_path: Path) -> None:
    for name, size in (("a", 3), ("b/c", 5), ("b/d", 7)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    found = size_of(tmp_path, ["a", "b/c", "b/d"])
    assert found == Size(files=3, in_one_folder=2, largest_file=7, total=15)


def test_doctor_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = OwnSite(tmp_path / "project", CommandLine(monkeypatch, capsys))
    assert "files fit every host known here" in site.run("--project", site.folder, "doctor").out
    monkeypatch.setattr(limits, "NEAR", 0.0001)
    warned = site.run("--project", site.folder, "doctor").out
    assert "note     host limits: Cloudflare Pages, free" in warned
    site.add_settings('[deploy]\nurl = "s3://passports"\n')
    assert "goes to a bucket" in site.run("--project", site.folder, "doctor").out
