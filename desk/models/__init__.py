from desk.models.note import NoteVersion, PrivateNote
from desk.models.run import BulkItem, BulkRun
from desk.models.summary import ClientSummary
from desk.models.template import ClientStart, ClientTemplate
from desk.models.view import DefaultView, SavedView

__all__ = [
    "BulkItem",
    "BulkRun",
    "ClientStart",
    "ClientSummary",
    "ClientTemplate",
    "DefaultView",
    "NoteVersion",
    "PrivateNote",
    "SavedView",
]
