"""`cellfolio mirror`: verified, incremental, resumable, never older; as a bag too."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from generator.cli.fork_evidence import EvidenceFolder
from generator.cli.server import SiteServer
from generator.content.deploy_settings import DeploySettings
from generator.publish import mirror_stage
from generator.publish.bag import check_bag
from generator.publish.mirror import finish, mirror
from generator.publish.mirror_fetch import MirrorReport, _check_keeps
from generator.publish.mirror_stage import place_all
from generator.publish.mirror_state import MirrorLease, Phase, read_mirror
from generator.publish.target import Target, open_target
from generator.read.sources import FolderSource, Source
from generator.store.folder import FolderStore
from passport.errors import PublishError, VerificationError
from passport.manifest import ListedFile
from tests.cli import CommandLine, Run
from tests.own_site import OWN, Cut, OwnSite, is_whole, kept_site, same_files
from tests.s3_servers import BUCKET, S3Server
from tests.small_site import tree

PAGE = "01/09506000134352/21/A1.html"


@pytest.fixture
def built(first: Path, tmp_path: Path, run: CommandLine) -> OwnSite:
    """A built site of two batteries."""
    return kept_site(first, tmp_path, run, lambda: OwnSite(tmp_path / "project", run))


def renews(site: OwnSite, *serials: str) -> None:
    """Change what pages say, and grow."""
    path = site.folder / "content/operators/maker.yaml"
    path.write_text(path.read_text().replace("email: ", "email: x"))
    site.grows(*serials)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where it is mirrored to."""
    return tmp_path / "mirror"


def mirrors(site: OwnSite, copy: object, *words: object, source: object = None) -> dict[str, int]:
    """Mirror it; it must succeed."""
    done = site.run("mirror", source or site.site, copy, *words, "--json")
    assert done.code == 0, done.err
    report: dict[str, int] = json.loads(done.out)
    return report


def refused(site: OwnSite, copy: Path, *words: object, source: object = None) -> Run:
    """Mirror it; it must be refused, and the mirror stay as it was but for its own state."""
    before = plain(copy)
    done = site.run("mirror", source or site.site, copy, *words)
    assert done.code != 0, done.out
    assert plain(copy) == before
    return done


def plain(folder: Path) -> dict[str, bytes]:
    return {n: c for n, c in tree(folder).items() if not n.startswith(".cellfolio/")}


def of(folder: Path) -> Target:
    return open_target(DeploySettings(url=str(folder)), Path(), {})


def lease_of(folder: Path) -> MirrorLease:
    """The state of a mirror, which must have one."""
    lease = read_mirror(of(folder).objects)
    assert lease is not None
    return lease


def by_hand(source: Source, copy: Path, evidence: Path) -> MirrorReport:
    return mirror(source, of(copy), datetime.now(UTC), EvidenceFolder(evidence).keep)


def test_a_mirror_is_the_site_and_is_kept_up_to_date(built: OwnSite, copy: Path) -> None:
    first = mirrors(built, copy)
    assert (first["first"], first["baseUrl"], first["unchanged"]) == (True, OWN, 0)
    assert same_files(built.site, copy)
    is_whole(copy, built.run)
    again = mirrors(built, copy)
    assert (again["added"], again["replaced"], again["fetchedBytes"]) == (0, 0, 0)
    assert again["unchanged"] == first["files"]
    renews(built, "A3")
    more = mirrors(built, copy)
    assert 0 < more["added"] < first["files"]
    assert 0 < more["replaced"] < first["files"]
    assert more["added"] + more["replaced"] + more["unchanged"] == more["files"]
    is_whole(copy, built.run)
    assert {**plain(copy), **tree(built.site)} == plain(copy)


def test_a_site_is_mirrored_over_the_web_and_out_of_a_bag(
    built: OwnSite, copy: Path, tmp_path: Path
) -> None:
    with SiteServer(built.site, "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        at = f"{OWN}={server.url.rstrip('/')}"
        mirrors(built, copy, "--at", at, source=OWN)
        assert built.run("verify", OWN, "--at", at).code == 0
        other = built.run("mirror", "https://id.example.com", tmp_path / "x", "--at",
                          f"https://id.example.com={server.url.rstrip('/')}")  # fmt: skip
        server.shutdown()
        thread.join(10)
    assert same_files(built.site, copy)
    assert (other.code, OWN in other.err) == (4, True)
    mirrors(built, tmp_path / "bag", "--bagit", source=copy)
    mirrors(built, tmp_path / "third", source=tmp_path / "bag")
    assert same_files(built.site, tmp_path / "third")


def test_from_bucket_to_bucket(site: OwnSite, weed: S3Server, prefix: str, copy: Path) -> None:
    site.deploys()
    source, dest = f"s3://{BUCKET}/{prefix}", f"s3://{BUCKET}/{prefix}-mirror"
    site.run("--project", site.folder, "mirror", source, dest, "--json")
    assert weed.keys(f"{prefix}-mirror/01") == [
        key.replace(prefix, f"{prefix}-mirror") for key in weed.keys(f"{prefix}/01")
    ]
    site.grows("A3")
    site.deploys()
    for words in ((source, dest), (dest, copy)):
        done = site.run("--project", site.folder, "mirror", *words, "--json")
        assert done.code == 0, done.err
    is_whole(copy, site.run)
    assert plain(copy)[PAGE] == (site.site / PAGE).read_bytes()
    assert not weed.keys(f"{prefix}-mirror/.cellfolio/next")


def test_an_interrupted_run_leaves_the_mirror_whole_and_is_gone_on_with(
    built: OwnSite, copy: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConnectionError):
        by_hand(Cut(built.site, 30), copy, tmp_path)
    assert 0 < len(plain(copy)) < len(tree(built.site))
    by_hand(Cut(built.site, 10_000), copy, tmp_path)
    assert same_files(built.site, copy)
    old = plain(copy)
    renews(built, "A3")
    with pytest.raises(ConnectionError):
        by_hand(Cut(built.site, 24), copy, tmp_path)
    assert {name: plain(copy)[name] for name in old} == old
    assert lease_of(copy).state.phase is Phase.FETCHING
    built.grows("A3", "A4")
    report = by_hand(FolderSource(FolderStore(built.site)), copy, tmp_path)
    assert not report.finished_earlier
    is_whole(copy, built.run)
    assert not list((copy / ".cellfolio/next").rglob("*.*"))


def test_a_run_that_had_everything_is_finished_without_the_source(
    built: OwnSite, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrors(built, copy)
    renews(built, "A3")
    placed = 0

    def killed(target: Target, file: object) -> None:
        nonlocal placed
        placed += 1
        if placed > 5:
            raise KeyboardInterrupt
        place(target, file)

    place = mirror_stage._place
    with monkeypatch.context() as patch:
        patch.setattr(mirror_stage, "_place", killed)
        with pytest.raises(KeyboardInterrupt):
            by_hand(FolderSource(FolderStore(built.site)), copy, tmp_path)
    assert finish(of(copy), lease_of(copy))
    is_whole(copy, built.run)
    assert mirrors(built, copy)["fetchedBytes"] == 0
    assert place_all(of(copy)) == 0


def test_of_two_runs_at_once_one_goes_on(built: OwnSite, copy: Path) -> None:
    mirrors(built, copy)
    one, other = lease_of(copy), lease_of(copy)
    one.take("a" * 64, one.state.checkpoint, Phase.FETCHING)
    with pytest.raises(PublishError, match="another run writes"):
        other.take("b" * 64, other.state.checkpoint, Phase.FETCHING)
    later = lease_of(copy)
    later.take("c" * 64, later.state.checkpoint, Phase.FETCHING)
    with pytest.raises(PublishError, match="took over"):
        one.check()
    assert mirrors(built, copy)["fetchedBytes"] == 0
    assert lease_of(copy).state.phase is Phase.DONE


def test_an_older_site_never_replaces_a_newer_one(
    built: OwnSite, copy: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old"
    shutil.copytree(built.site, old)
    mirrors(built, copy)
    built.grows("A3")
    mirrors(built, copy)
    done = refused(built, copy, source=old)
    assert (done.code, "shows an older state" in done.err) == (4, True)
    is_whole(copy, built.run)


def test_what_was_only_seen_counts_too(built: OwnSite, copy: Path, tmp_path: Path) -> None:
    """The newer state was not mirrored to its end, but its checkpoint was seen."""
    old = tmp_path / "old"
    shutil.copytree(built.site, old)
    mirrors(built, copy)
    built.grows("A3")
    with pytest.raises(ConnectionError):
        by_hand(Cut(built.site, 14), copy, tmp_path)
    assert "older state" in refused(built, copy, source=old).err


def test_a_fork_is_refused_with_evidence(built: OwnSite, copy: Path, tmp_path: Path) -> None:
    twin, anchor = tmp_path / "twin", built.folder.parent / "anchor"
    shutil.copytree(built.site, twin)
    seen = anchor.read_bytes()
    built.grows("A3")
    mirrors(built, copy)
    shutil.rmtree(built.site)
    shutil.copytree(twin, built.site)
    anchor.write_bytes(seen)
    built.grows("B3")
    done = refused(built, copy, "--evidence", tmp_path / "evidence")
    assert done.code == 4
    [evidence] = (tmp_path / "evidence").iterdir()
    assert json.loads(evidence.read_bytes())["type"] == "LogFork"
    built.grows("B3", "B4")
    assert refused(built, copy, "--evidence", tmp_path / "evidence").code == 4


@pytest.mark.parametrize("name", [PAGE, "log/1/tile/entries/", "manifest/all.json",
                                  "status/1/revocation/0", ".well-known/did.jsonl"])  # fmt: skip
def test_what_was_not_signed_is_not_kept(name: str, built: OwnSite, copy: Path) -> None:
    found = sorted((built.site / "log/1/tile/entries").rglob("*.p/*"))
    path = found[-1] if "entries" in name else built.site / name
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    done = built.run("mirror", built.site, copy)
    assert done.code == 4, done.err
    assert not (copy / "manifest/index.json").exists()
    kept = plain(copy)
    assert path.relative_to(built.site).as_posix() not in kept


def test_a_published_url_that_is_gone_or_changed_stops_the_mirror() -> None:
    asset = ListedFile("/assets/a.css", "0" * 64, 1, "text/css", "asset")
    with pytest.raises(VerificationError, match=r"gone from the source: /assets/a\.css"):
        _check_keeps((), {asset.path: asset})
    other = ListedFile("/assets/a.css", "1" * 64, 1, "text/css", "asset")
    with pytest.raises(VerificationError, match="never change"):
        _check_keeps((other,), {asset.path: asset})


def test_damage_is_mended(built: OwnSite, copy: Path) -> None:
    mirrors(built, copy)
    for name in (PAGE, "log/1/checkpoint", "manifest/index.json", "log/1/tile/0/000.p"):
        path = next(path for path in sorted(copy.rglob("*")) if name in path.as_posix())
        path = path if path.is_file() else next(path.iterdir())
        path.write_bytes(b"rotten")
        report = mirrors(built, copy, "--repair")
        assert report["fetchedBytes"] < 100_000
        is_whole(copy, built.run)


def test_places_that_are_no_mirror_are_refused(built: OwnSite, copy: Path, tmp_path: Path) -> None:
    copy.mkdir()
    (copy / "letter.txt").write_text("mine")
    assert "neither empty nor a mirror" in refused(built, copy).err
    assert "into itself" in refused(built, built.site).err
    target = tmp_path / "public"
    built.add_settings('[deploy]\nurl = "../public"\n')
    built.deploys()
    assert "somebody deploys to" in refused(built, target).err
    plain_copy = tmp_path / "plain"
    shutil.copytree(built.site, plain_copy)
    report = mirrors(built, plain_copy)
    assert (report["added"], report["replaced"]) == (0, 0)
    is_whole(plain_copy, built.run)


def test_a_bag_is_what_rfc_8493_says(built: OwnSite, tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    mirrors(built, bag, "--bagit")
    built.grows("A3")
    report = mirrors(built, bag, "--bagit")
    assert (bag / "bagit.txt").read_bytes() == (
        b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    )
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", manifest],
            cwd=bag, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    lines = (bag / "manifest-sha256.txt").read_text().splitlines()
    files = [path for path in (bag / "data").rglob("*") if path.is_file()]
    assert sorted(line[66:] for line in lines) == sorted(
        path.relative_to(bag).as_posix() for path in files
    )
    info = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text().splitlines())
    assert info["Payload-Oxum"] == f"{sum(p.stat().st_size for p in files)}.{len(files)}"
    assert (info["External-Identifier"], len(files)) == (OWN, report["bagFiles"])
    is_whole(bag / "data", built.run)
    assert "is a bag" in built.run("mirror", built.site, bag).err
    assert "not a bucket" in built.run("mirror", built.site, "s3://b0b/x", "--bagit").err


def test_a_damaged_bag_is_found(built: OwnSite, tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    mirrors(built, bag, "--bagit")
    assert check_bag(bag).files > 0
    spoil = {
        "changed": lambda: (bag / "data" / PAGE).write_bytes(b"x"),
        "missing": (bag / "data" / PAGE).unlink,
        "payload": lambda: (bag / "data/extra").write_bytes(b"x"),
        "another size": lambda: _restate(
            bag, "bag-info.txt", b"Payload-Oxum: ", b"Payload-Oxum: 9"
        ),
    }
    for what, act in spoil.items():
        spoiled = tmp_path / "spoiled"
        shutil.copytree(bag, spoiled)
        act()
        with pytest.raises(VerificationError, match=what):
            check_bag(bag)
        shutil.rmtree(bag)
        spoiled.rename(bag)


def _restate(bag: Path, name: str, old: bytes, new: bytes) -> None:
    """Change a tag file together with its digest, as whoever makes a wrong bag does."""
    path, tags = bag / name, bag / "tagmanifest-sha256.txt"
    content = path.read_bytes()
    path.write_bytes(content.replace(old, new))
    digests = [sha256(each).hexdigest() for each in (content, path.read_bytes())]
    tags.write_text(tags.read_text().replace(*digests))
