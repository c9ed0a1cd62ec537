"""The decoders must refuse what a phone would not read, or no later QR test proves anything."""

import io

import pytest
import segno
from PIL import Image

from tests.decoders import read_qr

URL = "https://id.example.com/01/09506000134352/21/ABC123"


def qr_png(text: str, light: str | None = "#fff", dark: str = "#000", scale: int = 4) -> bytes:
    out = io.BytesIO()
    code = segno.make_qr(text, error="q", boost_error=False)
    code.save(out, kind="png", scale=scale, border=4, light=light, dark=dark)
    return out.getvalue()


def beside(left: bytes, right: bytes) -> bytes:
    pictures = [Image.open(io.BytesIO(png)).convert("RGB") for png in (left, right)]
    sheet = Image.new("RGB", (sum(p.width for p in pictures), pictures[0].height), "white")
    sheet.paste(pictures[0], (0, 0))
    sheet.paste(pictures[1], (pictures[0].width, 0))
    out = io.BytesIO()
    sheet.save(out, format="PNG")
    return out.getvalue()


def test_a_good_code_is_read() -> None:
    assert read_qr(qr_png(URL)) == URL


@pytest.mark.parametrize(
    ("png", "reason"),
    [
        pytest.param(qr_png(URL, light=None), "see-through", id="transparent background"),
        pytest.param(qr_png(URL, light="#000", dark="#fff"), "zbar reads", id="inverted"),
        pytest.param(qr_png(URL, scale=1), "zbar reads", id="one pixel a module"),
        pytest.param(beside(qr_png(URL), qr_png(URL[:-1])), "zxing-cpp reads", id="two codes"),
        pytest.param(qr_png(URL, dark="#fff"), "zxing-cpp reads", id="no code"),
    ],
)
def test_what_a_phone_would_not_read_fails(png: bytes, reason: str) -> None:
    with pytest.raises(AssertionError, match=reason):
        read_qr(png)
