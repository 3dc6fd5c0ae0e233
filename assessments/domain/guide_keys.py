"""How an uploaded guide is named: its own id, and the number of the organization it belongs to.

No id in a guide's file can hold the mark, so nothing uploaded can pass for a shipped guide or for
another organization's.
"""

OWNER_MARK = "@"


def key_of(guide_id: str, organization: int) -> str:
    return f"{guide_id}{OWNER_MARK}{organization}"


def plain_id(key: str) -> str:
    """The id as it stands in the guide's own files."""
    return key.rpartition(OWNER_MARK)[0] or key


def owner_of(key: str) -> str:
    """The organization's number; nothing for guides that everybody may use."""
    return key.rpartition(OWNER_MARK)[2] if OWNER_MARK in key else ""
