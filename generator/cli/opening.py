"""What `open` and `unlock` share: groups are opened, written or printed, and told of.

This is the edge: it brings files, and turns what could not be opened into one error. What was
opened is handed over whatever became of the rest; plaintext goes to stdout or the folder, never
into a message.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from generator.read.opened_folder import (
    OpenedFolder,
    check_fillable,
    document_path,
    group_path,
    json_text,
    opened_folder,
)
from generator.read.opening import (
    KeysOf,
    OpenedDocument,
    OpenedGroup,
    Unopened,
    open_documents,
    open_groups,
)
from generator.read.passport import Verdict
from generator.read.restricted import SealedFiles, Wanted
from passport.access.decision import Grant
from passport.credential import passport_path
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.timestamp import time_text
from passport.errors import HostError, IdentifierError, PassportError, VerificationError

_GRAVEST = (VerificationError, HostError, IdentifierError)

out_option = click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A new folder for data points and documents; default: data points to stdout.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a command opens, with which keys, and the folder that it fills, if any."""

    wanted: tuple[Wanted, ...]
    sealed: SealedFiles
    keys_of: KeysOf
    folder: Path | None


@dataclass(slots=True)
class _Told:
    """What came of it; `files` are paths in the folder, by group and resource."""

    opened: list[OpenedGroup] = field(default_factory=list)
    unopened: list[Unopened] = field(default_factory=list)
    files: dict[tuple[str, str], str] = field(default_factory=dict)


def carry_out(opening: Opening, *, as_json: bool) -> None:
    """Open, hand over, tell; raises the gravest error if anything could not be opened."""
    if opening.folder is not None:
        check_fillable(opening.folder)  # before anybody is asked: each release is on record
    told = _Told()
    for found in open_groups(opening.wanted, opening.sealed, opening.keys_of):
        if isinstance(found, Unopened):
            told.unopened.append(found)
        else:
            told.opened.append(found)
    if told.opened and opening.folder is not None:
        _fill(opening, told)
    _tell(opening.folder, told, as_json=as_json)
    _raise_for(told)


def _fill(opening: Opening, told: _Told) -> None:
    assert opening.folder is not None, "asked for by the caller"
    with opened_folder(opening.folder) as folder:
        for group in told.opened:
            told.files[group.bound.url, ""] = group_path(group)
            folder.write(group_path(group), json_text(group.data).encode())
        for found in open_documents(told.opened, opening.sealed, opening.keys_of):
            if isinstance(found, Unopened):
                told.unopened.append(found)
            else:
                _put(folder, found, told)


def _put(folder: OpenedFolder, document: OpenedDocument, told: _Told) -> None:
    path = document_path(document)
    folder.write(path, document.content)
    told.files[document.group.bound.url, document.named.resource] = path


def _tell(folder: Path | None, told: _Told, *, as_json: bool) -> None:
    for line in _notes(folder, told.opened):
        click.echo(line, err=True)
    if folder is not None and not as_json:
        for path in told.files.values():
            click.echo(str(folder / path))
    elif told.opened or as_json:
        indent = None if as_json else 2
        click.echo(json_text(_report(folder, told), indent=indent), nl=False)


def _notes(folder: Path | None, opened: Iterable[OpenedGroup]) -> Iterator[str]:
    """Say what somebody who reads the data should know besides."""
    for report in {id(each.bound.report): each.bound.report for each in opened}.values():
        if report.verdict is not Verdict.CURRENT:
            yield f"{report.passport.uri}: {report.verdict}: {report.why}"
    count = sum(len(group.documents) for group in opened)
    if folder is None and count:
        yield f"{count} document{'' if count == 1 else 's'} besides: name a folder with -o"


def _report(folder: Path | None, told: _Told) -> JsonObject:
    return {
        "opened": [_opened(folder, group, told) for group in told.opened],
        "unopened": [
            {
                "product": each.product,
                "what": each.what,
                "message": _why(each.error),
                "remedy": each.error.remedy,
            }
            for each in told.unopened
        ],
    }


def _opened(folder: Path | None, group: OpenedGroup, told: _Told) -> Json:
    bound = group.bound
    members: dict[str, Json] = {
        "passport": f"{bound.base_url}{passport_path(bound.expected.passport)}",
        "verdict": bound.report.verdict,
        "products": list(group.products),
        "group": bound.expected.group,
        "version": bound.expected.version,
    }
    if group.grant is not None:
        members["grant"] = _grant(group.grant)
    if folder is None:
        return {**members, "data": group.data}
    files: list[Json] = [
        {"resource": named.resource, "file": told.files[bound.url, named.resource]}
        for named in group.documents
        if (bound.url, named.resource) in told.files
    ]
    return {**members, "file": told.files[bound.url, ""], "documents": files}


def _grant(grant: Grant) -> JsonObject:
    return {
        "operations": list(grant.operations),
        "reuse": grant.reuse,
        "expires": time_text(grant.expires),
    }


def _raise_for(told: _Told) -> None:
    errors = [each.error for each in told.unopened]
    if len(errors) < 2:
        for error in errors:
            raise error
        return
    for each in told.unopened:
        click.echo(f"{each.product}, {each.what}: {_why(each.error)}", err=True)
    raise _gravest(errors)(
        f"{len(errors)} of {len(errors) + len(told.opened)} could not be opened",
        "; ".join(dict.fromkeys(error.remedy for error in errors if error.remedy)),
    )


def _why(error: PassportError) -> str:
    """Return what is wrong, without what to do."""
    check = error.check if isinstance(error, VerificationError) else ""
    return f"{check}: {error.message}" if check else error.message


def _gravest(errors: Sequence[PassportError]) -> type[PassportError]:
    return next(
        (kind for kind in _GRAVEST if any(isinstance(error, kind) for error in errors)), HostError
    )
