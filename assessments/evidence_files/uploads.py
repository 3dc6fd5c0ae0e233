"""A file that is too large is dropped while it arrives; the rest of the form still does."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

KEY = "waymark.too_large"


class SizeLimit(FileUploadHandler):
    """First of the upload handlers: passes pieces on until there are too many."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.WAYMARK_UPLOAD_BYTES:
            if self.request is not None:
                self.request.META.setdefault(KEY, set()).add(self.field_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def is_too_large(request: HttpRequest, field: str) -> bool:
    """Whether a file came for the field and was dropped for its size."""
    return field in request.META.get(KEY, ())
