"""Artifacts: where a URL's file lies, and which URLs are refused."""

import pytest

from generator.build.artifact import Artifact, CacheClass, disk_path_of, url_path_of


@pytest.mark.parametrize(
    ("url_path", "disk_path"),
    [
        ("/", "index.html"),
        ("/404.html", "404.html"),
        ("/open", "open.html"),
        ("/01/09506000134352", "01/09506000134352.html"),
        ("/01/09506000134352/21/ABC-123", "01/09506000134352/21/ABC-123.html"),
        ("/01/09506000134352/21/x.html", "01/09506000134352/21/x.html.html"),
        ("/01/09506000134352/21/A%22B%25", '01/09506000134352/21/A"B%.html'),
        ("/id/acme/%C3%A9", "id/acme/é.html"),
    ],
)
def test_a_page_lies_where_hosts_look_for_it(url_path: str, disk_path: str) -> None:
    assert disk_path_of(url_path, "text/html") == disk_path
    assert url_path_of(disk_path) == url_path


@pytest.mark.parametrize(
    "url_path",
    [
        "/dpp/01_09506000134352_21_ABC/passport.json",
        "/.well-known/did.jsonl",
        "/v1/dpps/01_09506000134352",
        "/log/1/tile/0/x001/234.p/17",
        "/assets/0123456789abcdef/declaration.pdf",
    ],
)
def test_all_else_lies_where_its_url_says(url_path: str) -> None:
    assert disk_path_of(url_path, "application/octet-stream") == url_path[1:]
    assert url_path_of(url_path[1:]) == url_path


@pytest.mark.parametrize(
    "url_path",
    [
        "",
        "01/x",
        "//x",
        "/01/",
        "/01//21",
        "/..",
        "/01/../x",
        "/01/./x",
        "/01/%2E%2E/x",
        "/01/a%2Fb",
        "/01/a%5Cb",
        "/01/a%00",
        "/01/a%0A",
        "/01/a b",
        "/01/a?b",
        "/01/a#b",
        "/01/a%2fb",
        "/01/a%2b",
        "/01/%41",
        "/01/%7E",
        "/01/a%",
        "/01/é",
        "/01/%FF",
        "/01/" + "x" * 251,
        "/index",
        "/404",
    ],
)
def test_a_url_has_one_clean_form(url_path: str) -> None:
    with pytest.raises(ValueError, match=r"URL path|utf-8"):
        Artifact(url_path=url_path, content=b"", media_type="text/html", cache=CacheClass.PAGE)


def test_the_root_is_a_page() -> None:
    with pytest.raises(ValueError, match="empty"):
        disk_path_of("/", "application/json")


def test_a_media_type_has_no_parameters() -> None:
    with pytest.raises(ValueError, match="charset"):
        Artifact(
            url_path="/x",
            content=b"",
            media_type="text/html; charset=utf-8",
            cache=CacheClass.PAGE,
        )
