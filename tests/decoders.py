"""Read QR codes from pictures, with two decoders that share no code.

A code counts as readable only when zxing-cpp and zbar both read it and agree: each alone forgives
things that phones do not. Neither judges contrast or print size.
"""

import io

import zxingcpp
from PIL import Image

try:
    from pyzbar import pyzbar
except ImportError as error:
    remedy = "the zbar library is missing: run `make browser`, or `apt-get install libzbar0`"
    raise ImportError(remedy) from error


def zxing_texts(picture: Image.Image) -> list[str]:
    """Return the text of each QR code that zxing-cpp finds, sorted."""
    qr_codes = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(picture, formats=qr_codes)
    return sorted(code.text for code in found)


def zbar_texts(picture: Image.Image) -> list[str]:
    """Return the text of each QR code that zbar finds, sorted."""
    found = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return sorted(code.data.decode() for code in found)


def read_qr(png: bytes) -> str:
    """Return the text of the one QR code in a PNG; fail unless both decoders read just that."""
    drawn = Image.open(io.BytesIO(png)).convert("RGBA")
    # See-through light modules vanish on a dark page, where neither decoder would ever see them.
    assert drawn.getchannel("A").getextrema() == (255, 255), "the picture is see-through"
    picture = drawn.convert("L")
    by_zxing, by_zbar = zxing_texts(picture), zbar_texts(picture)
    assert len(by_zxing) == 1, f"zxing-cpp reads {by_zxing} where one QR code is expected"
    assert len(by_zbar) == 1, f"zbar reads {by_zbar} where one QR code is expected"
    assert by_zxing == by_zbar, f"zxing-cpp reads {by_zxing}, zbar reads {by_zbar}"
    return by_zxing[0]
