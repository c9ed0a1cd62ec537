"""What hosts of static files hold at most, as their own pages were read in 2026.

Kept as data, because hosts change it; look again before relying on it. A bucket has no limit that a
site reaches. Knows numbers only, not how to deploy.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

NEAR = 0.8
"""From this part of a limit on, people are told."""
_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A site's size: files in all, in its largest folder, bytes of the largest file and in all."""

    files: int
    in_one_folder: int
    largest_file: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLimits:
    """What one host holds at most, in files and bytes; None for what it does not limit."""

    host: str
    files: int | None = None
    in_one_folder: int | None = None
    largest_file: int | None = None
    total: int | None = None


LIMITS = (
    HostLimits(host="Netlify", in_one_folder=54_000),
    HostLimits(host="Cloudflare Pages, free", files=20_000, largest_file=25 * _MIB),
    HostLimits(host="Cloudflare Pages, paid", files=100_000, largest_file=25 * _MIB),
    HostLimits(host="GitHub Pages", total=1_000_000_000),
    HostLimits(host="GitLab Pages", files=200_000, total=1_000_000_000),
)


def size_of(out: Path, paths: Iterable[str]) -> Size:
    """Measure the files of a site by their paths below its folder."""
    folders: Counter[str] = Counter()
    sizes = []
    for path in paths:
        folders[str(PurePosixPath(path).parent)] += 1
        sizes.append((out / path).stat().st_size)
    return Size(
        files=len(sizes),
        in_one_folder=max(folders.values(), default=0),
        largest_file=max(sizes, default=0),
        total=sum(sizes),
    )


def near_limits(size: Size) -> Iterator[tuple[HostLimits, str]]:
    """Yield every host whose limit a site comes near or is past, and which limit."""
    for limits in LIMITS:
        for have, most, what in (
            (size.files, limits.files, "files"),
            (size.in_one_folder, limits.in_one_folder, "files in one folder"),
            (size.largest_file, limits.largest_file, "bytes in one file"),
            (size.total, limits.total, "bytes in all"),
        ):
            if most is not None and have > NEAR * most:
                yield limits, f"{have:,} of at most {most:,} {what}"
