"""Two decoders that share no code, zxing-cpp and zbar: a code counts as read when both agree.

The only module that imports them (extra `labels`). Each alone forgives things that phones don't,
and neither judges contrast or print size.
"""

from generator.labels.raster import Picture
from passport.errors import HostError

try:
    import zxingcpp
    from pyzbar import pyzbar
except ImportError as error:
    raise HostError(
        f"labels are read by two decoders, and one is missing ({error})",
        "pip install 'cellfolio[labels]', and the system's zbar library: apt-get install libzbar0",
    ) from error

DECODERS = ("zxing-cpp", "zbar")
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def readers_of(picture: Picture, text: str) -> tuple[str, ...]:
    """The names of the decoders that find one code in a picture, with just this text."""
    by_zxing = [code.text for code in zxingcpp.read_barcodes(picture, formats=_QR)]
    found = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
    by_zbar = [code.data.decode(errors="replace") for code in found]
    results = zip(DECODERS, (by_zxing, by_zbar), strict=True)
    return tuple(name for name, texts in results if texts == [text])
