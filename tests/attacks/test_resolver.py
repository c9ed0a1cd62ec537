"""Row 22 of the attacks: a DID, a passport or a manifest that makes us ask where we must not.

The sockets are real. A name leads to a host on this machine, whose loopback address is allowed for
the test alone; whatever else a client checks, it checks as it would anywhere.
"""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest

from generator.read.https import Client, Limits, is_public, split_url
from generator.read.sources import LoopbackSource, Origins, WebSource
from passport.errors import HostError, IdentifierError
from tests.tls_host import Handler, TlsHost, answers, drips, write_certificate

NAME = "id.example.com"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
QUICK = Limits(seconds=0.3, bytes=1000)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate of NAME, whose maker this test trusts."""
    path = write_certificate(tmp_path, NAME)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


class Names:
    """What names lead to; each answer is given once, the last one for ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.answers: list[list[str]] = [["127.0.0.1"]]
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._getaddrinfo)

    def _getaddrinfo(self, host: str, port: int, *args: int, **named: int) -> list[object]:
        try:
            ip_address(host)
        except ValueError:
            self.asked.append(host)
            found = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
            return [
                entry for address in found for entry in self._real(address, port, *args, **named)
            ]
        return list(self._real(host, port, *args, **named))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    return Names(monkeypatch)


@contextmanager
def host(certificate: Path, handler: Handler) -> Iterator[tuple[TlsHost, str]]:
    """Serve, and say at which address."""
    with TlsHost(certificate, handler) as served:
        yield served, f"https://{NAME}:{served.port}"


def client(limits: Limits = QUICK) -> Client:
    """Return a client that may ask this machine too."""
    return Client(allows=lambda address: address.is_loopback or is_public(address), limits=limits)


def refused(
    certificate: Path, handler: Handler, told: str, asking: Client | None = None
) -> TlsHost:
    """Ask a host that must not be asked or believed; return it, for what it saw of that."""
    with host(certificate, handler) as (served, url), pytest.raises(HostError, match=told):
        (asking or client()).get(url)
    return served


def test_22_a_host_is_asked_without_credentials(
    certificate: Path, names: Names, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text(f"machine {NAME} login me password secret", encoding="utf-8")
    with host(certificate, answers(OK)) as (served, url):
        assert client().get(f"{url}/a.json") == b"ok"
    (request,) = served.requests
    line, *headers = request.decode().split("\r\n")
    assert line == "GET /a.json HTTP/1.1"
    assert {header.partition(":")[0] for header in headers if header} == {"Host", "Accept-Encoding"}
    assert names.asked == [NAME]


def test_22_proxies_are_not_asked(
    certificate: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with host(certificate, answers(OK)) as (_, url):
        assert client().get(url) == b"ok"
    assert names.asked == [NAME]


def test_22_the_address_that_was_checked_is_the_one_connected_to(
    certificate: Path, names: Names
) -> None:
    names.answers = [["127.0.0.1"], ["169.254.169.254"]]
    with host(certificate, answers(OK)) as (served, url):
        assert client().get(url) == b"ok"
    assert names.asked == [NAME]
    assert served.connections == 1


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["127.0.0.1", "fe80::1"]]
)
def test_22_one_internal_address_among_several_is_enough(
    certificate: Path, names: Names, addresses: list[str]
) -> None:
    names.answers = [addresses]
    assert refused(certificate, answers(OK), "is an internal address").connections == 0


def test_22_this_machine_is_not_asked_unless_a_test_allows_it(
    certificate: Path, names: Names
) -> None:
    told = r"is an internal address \(127.0.0.1\)"
    assert refused(certificate, answers(OK), told, Client()).connections == 0
    assert names.asked == [NAME]


INTERNAL = [
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::10.0.0.1",
    "100::1",
    "2001:db8::1",
    "2001:0:102:304::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", INTERNAL)
def test_22_an_internal_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "2606:4700::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"]
)
def test_22_an_address_of_the_internet_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "origin",
    [
        "https://127.0.0.1",
        "https://[::1]",
        "https://localhost",
        "https://2130706433",
        "https://0x7f000001",
        "https://0177.0.0.1",
        "https://127.1",
        "https://10.0.0.1",
        "https://id.example.com.",
        "https://localhost.",
        "https://[::ffff:127.0.0.1]",
        "https://[fe80::1%25eth0]",
        "https://[",
        "https://]",
        "https://",
        "https:///x",
        "https://a@id.example.com",
        "https://id.example.com@127.0.0.1",
        "https://id.example.com:0",
        "https://id.example.com:99999",
        "https://id.example.com:x",
        "https://id.example.com\\@127.0.0.1",
        "https://id.ex\u2100mple.com",
        "https://id.exa\nmple.com",
        "https://id.example.com/a?b",
        "https://id.example.com/a#b",
        "https://id.example.com/a b",
        "https://id.example.com/\u00e4",
        "https://id.example.com/a\r\nHost: x",
        "http://id.example.com/",
        "http://localhost/",
        "file:///etc/passwd",
        "ftp://id.example.com/",
        "",
        "/etc/passwd",
    ],
)
def test_22_no_other_address_is_asked(names: Names, origin: str) -> None:
    with pytest.raises((IdentifierError, HostError)):
        Origins({}).get(origin)
    assert set(names.asked) <= {"localhost"}


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"307 Temporary", b"308 Permanent"])
def test_22_redirects_are_not_followed(certificate: Path, names: Names, status: bytes) -> None:
    answer = b"HTTP/1.1 " + status + b"\r\nLocation: https://10.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    served = refused(certificate, answers(answer), "redirects and errors are not followed")
    assert served.connections == 1
    assert names.asked == [NAME]


@pytest.mark.parametrize("status", [b"404 Not Found", b"410 Gone"])
def test_22_nothing_there_is_no_trouble(certificate: Path, names: Names, status: bytes) -> None:
    with host(certificate, answers(b"HTTP/1.1 " + status + b"\r\n\r\n<html>")) as (_, url):
        assert WebSource(url, client()).get("/x") is None
    assert names.asked == [NAME]


BIG = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        BIG + b"Content-Length: 1001\r\n\r\n" + b"x" * 1001,
        BIG + b"\r\n" + b"x" * 5000,
        BIG + b"Transfer-Encoding: chunked\r\n\r\n" + b"200\r\n" + b"x" * 512 + b"\r\n200\r\n"
        + b"x" * 512 + b"\r\n0\r\n\r\n",
    ],
    ids=["said", "unsaid", "chunked"],
)  # fmt: skip
def test_22_a_body_is_not_read_without_end(certificate: Path, names: Names, answer: bytes) -> None:
    patient = client(Limits(seconds=5, bytes=1000))
    refused(certificate, answers(answer), "is larger than 1000 bytes", patient)
    assert names.asked


def test_22_a_compressed_body_is_not_unpacked(certificate: Path, names: Names) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\0"
    with host(certificate, answers(answer)) as (_, url):
        assert client().get(url) == b"\x1f\x8b\x08\0"
    assert names.asked


@pytest.mark.parametrize(
    "handler",
    [
        drips(b"", b""),
        drips(b"HTTP/1.1 200", b" "),
        drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drips(b"HTTP/1.1 200 OK\r\n", b"X"),
        drips(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", b"x"),
        drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        drips(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x"),
        drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["silence", "status", "continue", "headers", "body", "no-length", "close", "chunks"],
)
def test_22_a_slow_host_is_left(certificate: Path, names: Names, handler: Handler) -> None:
    begun = time.monotonic()
    refused(certificate, handler, r"takes longer than 0.3 seconds|timed out")
    assert time.monotonic() - begun < 4 * QUICK.seconds
    assert names.asked


@pytest.mark.parametrize(
    "handler",
    [
        answers(b""),
        answers(b"\x00\x01\x02"),
        answers(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"),
        answers(b"HTTP/1.1 200 OK\r\n\r\ncut", says_goodbye=False),
        answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ncut"),
        answers(b"HTTP/1.1 abc OK\r\n\r\n"),
        answers(b"HTTP/9.9 200 OK\r\n\r\n"),
        answers(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
        answers(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70000),
        answers(b"HTTP/1.1 500 No\r\n\r\n"),
        answers(b"HTTP/1.1 206 Partial\r\nContent-Length: 2\r\n\r\nok"),
        answers(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    ],
    ids=["nothing", "noise", "cut", "cut-without-goodbye", "chunk-size", "cut-chunk", "status",
         "version", "headers", "header", "500", "206", "304"],
)  # fmt: skip
def test_22_a_broken_answer_is_told(certificate: Path, names: Names, handler: Handler) -> None:
    refused(certificate, handler, None, client(Limits(seconds=3, bytes=100_000)))
    assert names.asked


def test_22_a_certificate_of_another_name_is_refused(
    tmp_path: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = write_certificate(tmp_path, "id.example.org", "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    told = r"certificate is not valid for 'id\.example\.com'"
    assert refused(certificate, answers(OK), told).requests == []
    assert names.asked


def test_22_a_certificate_of_nobody_known_is_refused(tmp_path: Path, names: Names) -> None:
    unknown = write_certificate(tmp_path, NAME)
    assert refused(unknown, answers(OK), "certificate verify failed").requests == []
    assert names.asked


def test_22_an_old_tls_is_not_spoken(certificate: Path, names: Names) -> None:
    assert ssl.create_default_context().minimum_version >= ssl.TLSVersion.TLSv1_2
    with host(certificate, answers(OK)) as (_, url):
        assert client().get(url) is not None
    assert names.asked


def test_22_a_name_of_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(HostError, match="can't be resolved"):
        Client().get("https://id.example.com/")


@pytest.mark.parametrize("path", ["@127.0.0.1/", ".evil.example.org/", ":8443/", "", "x", "\n/"])
def test_22_a_path_never_changes_the_host(names: Names, path: str) -> None:
    for source in (WebSource("https://id.example.com"), LoopbackSource("localhost", 9)):
        with pytest.raises(HostError, match="is no path"):
            source.get(path)
    assert names.asked == []


def test_22_a_url_is_split_as_it_stands() -> None:
    assert split_url("https://id.example.com") == ("https://id.example.com", "/")
    assert split_url("https://id.example.com:8443/a/b.json") == (
        "https://id.example.com:8443",
        "/a/b.json",
    )
