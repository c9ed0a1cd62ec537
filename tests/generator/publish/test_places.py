"""Places: no two URLs get the same file."""

import pytest

from generator.publish.places import Places
from passport.errors import PublishError


def taken(*paths: str) -> Places:
    places = Places()
    for path in paths:
        places.take(path)
    return places


def test_different_files_have_different_places() -> None:
    places = taken("index.html", "de.html", "de/01/1.html", "01/1.html", "01/1/21/A.html")
    assert "01/1/21/A.html" in places
    assert "01/1/21/a.html" not in places
    assert "01/1/21" not in places


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("01/1/21/A.html", "01/1/21/A.html", "two files were made for the URL /01/1/21/A:"),
        ("01/1/21/A.html", "01/1/21/a.html", "/01/1/21/A and /01/1/21/a differ only in upper"),
        ("id/x/straße.html", "id/x/STRASSE.html", "/id/x/stra%C3%9Fe and /id/x/STRASSE differ"),
        ("id/x/\u00e9.html", "id/x/e\u0301.html", "/id/x/%C3%A9 and /id/x/e%CC%81 differ"),
        (
            "dpp/A/did.json",
            "dpp/a/passport.json",
            "/dpp/A/did.json and /dpp/a/passport.json differ",
        ),
        ("v1/a", "v1/a/b", "/v1/a would be a file where /v1/a/b needs a folder"),
        ("v1/a", "v1/A/b/c", "/v1/a would be a file where /v1/A/b/c needs a folder"),
        ("v1/a/b", "v1/a", "/v1/a would be a file where /v1/a/b needs a folder"),
        ("v1/a/b/c", "v1/A", "/v1/A would be a file where /v1/a/b/c needs a folder"),
    ],
)
def test_no_place_is_given_twice(first: str, second: str, message: str) -> None:
    places = taken(first)
    with pytest.raises(PublishError) as caught:
        places.take(second)
    assert message in str(caught.value)
    assert caught.value.remedy
