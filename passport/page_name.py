"""Which identifiers can name a page.

The last part of a product URI is the name under which its page is stored: `{serial}.html` on a
disk, `{serial}` in an object store (DESIGN 4). GS1 allows more than disks and hosts keep apart;
what would be lost there, or answer for another product, is refused here, once, when the
identifier is made. This module doesn't know what the name identifies nor where files lie.
"""

import re

from passport.errors import IdentifierError
from passport.quoting import quoted

# On Windows these open a device, whatever stands behind the first dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.IGNORECASE)

_OTHER_CHARACTERS = "use letters, digits and hyphens only"
_OTHER_NAME = "choose another one: a prefix such as A- is enough"

# Pattern (of the whole name), what goes wrong, what to do.
_FAULTS = (
    # RFC 3986 5.2.4: browsers take these out of a path before they ask for it.
    (re.compile(r"\.\.?"), "is a dot segment, which browsers remove", _OTHER_NAME),
    (re.compile(r"\..*"), "begins with a dot, and hosts skip hidden files", _OTHER_NAME),
    (re.compile(r".*/.*"), "holds '/', which hosts take for a folder", _OTHER_CHARACTERS),
    # A host that decodes twice would serve the page of another product.
    (re.compile(r".*%.*"), "holds '%', which hosts may decode once more", _OTHER_CHARACTERS),
    (
        re.compile(r'.*["*:<>?\\|].*'),
        "holds a character that file names can't have on every system",
        _OTHER_CHARACTERS,
    ),
    (
        re.compile(r"index", re.IGNORECASE),
        "would be stored as index.html, which hosts serve for the folder",
        _OTHER_NAME,
    ),
    (
        re.compile(r".*\.html?", re.IGNORECASE),
        "ends in a file extension that hosts leave out, so another page could answer",
        _OTHER_NAME,
    ),
    (_DEVICES, "is a device name on Windows and can't be a file there", _OTHER_NAME),
)


# Asked for every battery, so all patterns at once; which one it was matters only for the message.
_ANY_FAULT = re.compile("|".join(pattern.pattern for pattern, _, _ in _FAULTS), re.IGNORECASE)


def check_page_name(noun: str, text: str) -> None:
    """Raise `IdentifierError` unless `text` can name a page on every common disk and host.

    `noun` says what the text is, for the message. Names that differ by case only are not seen
    here: that takes all of them (`passport.checks.collisions`).
    """
    if not _ANY_FAULT.fullmatch(text):
        return
    for pattern, message, remedy in _FAULTS:
        if pattern.fullmatch(text):
            raise IdentifierError(f"{noun} {quoted(text)} {message}", remedy)
