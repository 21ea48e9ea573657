"""Drawing QR codes."""

from io import BytesIO
from typing import Final

import segno

PIXELS: Final = 8  # for each module of the code


def draw_qr(text: str) -> bytes:
    """Draw it as a PNG that a phone's camera reads from a screen."""
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="png", scale=PIXELS)
    return drawn.getvalue()
