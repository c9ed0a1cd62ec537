"""May this build go on from that previous site? The rules of state, all in one place (DESIGN 5).

With real keys a previous site is needed, unless a log is begun on purpose, once; demo keys may
begin anew whenever there is none. The DID log and the transparency log may only grow, and a site
that is older than the anchor, or tells another story, is refused. Where the anchor is kept isn't
known here.
"""

from generator.build.previous import NO_SITE, PreviousSite, of_previous, read_previous
from generator.keys.issuer import Issuer
from generator.read.log import SignedLog, open_log, verify_included
from generator.read.logged import GENERATION
from generator.read.sources import Source
from passport.base_url import BaseUrl
from passport.credential import log_index_of
from passport.did.webvh import check_extends
from passport.errors import ConfigError, VerificationError, failing
from passport.log.checkpoint import Checkpoint, verify_checkpoint
from passport.log.entry import EntryType, LogEntry

_ROLLED_BACK = "build on the site as it was last published, or ask who holds a later copy"


def open_state(
    source: Source,
    issuer: Issuer,
    base_url: BaseUrl,
    *,
    anchor: bytes,
    genesis: bool,
    is_demo: bool,
) -> PreviousSite:
    """Return the verified previous site, `NO_SITE` for the first build of a log.

    `anchor` is the last checkpoint that was published, b"" when none was. Raises `ConfigError`
    where a site is missing or one too many, `VerificationError` for one not to be built on.
    """
    previous = read_previous(source, issuer)
    if previous is NO_SITE:
        _check_may_begin(anchor, genesis=genesis, is_demo=is_demo)
        return NO_SITE
    if genesis:
        raise ConfigError("there is a previous site", "leave --genesis out: it begins a log, once")
    published = previous.get("/.well-known/did.jsonl")
    if published is not None:
        with failing("did-log"):
            check_extends(issuer.log, published)
    _check_logged(previous, issuer, base_url)
    _check_anchor(previous, issuer, base_url, anchor)
    return previous


def _check_may_begin(anchor: bytes, *, genesis: bool, is_demo: bool) -> None:
    if anchor:
        raise ConfigError(
            "a site was published before, but the previous one is not at hand",
            "name it with --previous DIR or URL",
        )
    if not genesis and not is_demo:
        raise ConfigError(
            "there is no previous site",
            "name it with --previous DIR or URL, or begin the log, once, with --genesis",
        )


def _check_logged(previous: PreviousSite, issuer: Issuer, base_url: BaseUrl) -> None:
    """The manifest that the site shows is the one that was entered into the log."""
    assert previous.index is not None, "a site without a manifest is no previous site"
    with of_previous("log"):
        log = open_log(previous.source, issuer.document, base_url, GENERATION)
        entry = LogEntry.of_document(EntryType.MANIFEST, previous.index)
        verify_included(log, log_index_of(previous.index), entry)


def _check_anchor(previous: PreviousSite, issuer: Issuer, base_url: BaseUrl, anchor: bytes) -> None:
    """The log begins with what the anchor says, or the host shows another or an older one."""
    if not anchor:
        return
    log = open_log(previous.source, issuer.document, base_url, GENERATION)
    try:
        published = verify_checkpoint(anchor, log.keys)
    except VerificationError as error:
        raise VerificationError(
            f"it is no checkpoint of this site: {error.message}",
            "put back what it held after the last build or deploy",
            check="anchor",
        ) from error
    with failing("anchor"):
        check_continues(log, published)


def check_continues(log: SignedLog, published: Checkpoint) -> None:
    """Return if a site's log begins with what was published; `VerificationError` otherwise."""
    here = log.checkpoint
    if here.size < published.size:
        raise VerificationError(
            f"the previous site's log has {here.size} entries, the last published one has "
            f"{published.size}: it was rolled back",
            _ROLLED_BACK,
        )
    if log.tree.root_at(published.size) != published.root:
        raise VerificationError(
            "the previous site's log tells another story than the one published at "
            f"{published.size} entries: it was forked",
            _ROLLED_BACK,
        )
