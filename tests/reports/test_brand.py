from io import BytesIO
from typing import Any

from PIL import Image


def picture(form: str, mode: str, size: tuple[int, int], **options: Any) -> bytes:
    """A filled shape on its ground."""
    made = Image.new(mode, size)
    made.paste(
        Image.new(
            mode,
            (size[0] // 2 or 1, size[1] // 2 or 1),
            200 if mode == "L" else (20, 40, 110, 255)[: len(mode)],
        ),
        (0, 0),
    )
    body = BytesIO()
    made.save(body, form, **options)
    return body.getvalue()
