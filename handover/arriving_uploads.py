"""An archive holds everything, so it may be larger than any other file that is sent."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest

from handover import services

KEY = "waymark.archive_too_large"


class ArchiveLimit(FileUploadHandler):
    """Passes pieces on until there are too many; then the file is dropped while it arrives."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > services.MAX_UPLOAD:
            if self.request is not None:
                self.request.META[KEY] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def allow_archive(request: HttpRequest) -> None:
    """To be called before anything of the request's body is read."""
    request.upload_handlers = [ArchiveLimit(request), TemporaryFileUploadHandler(request)]


def is_too_large(request: HttpRequest) -> bool:
    return KEY in request.META
