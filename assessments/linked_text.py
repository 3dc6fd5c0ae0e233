"""Plain text as HTML: escaped, with addresses of the web made into links and nothing else."""

import re

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

# Only what says http or https itself: a guessed scheme would be our claim, not the author's.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
# Punctuation at the end belongs to the sentence, not to the address.
_AFTER = ".,;:!?)]»”’"


def linked(text: str) -> SafeString:
    """The text escaped, lines kept, http(s) addresses as links."""
    parts: list[str] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(_AFTER)
        # A closing bracket stays where the address opened one, as encyclopaedias do.
        if address.count("(") > address.count(")") and match.group()[len(address) :][:1] == ")":
            address += ")"
        parts.append(_lines(text[end : match.start()]))
        parts.append(
            format_html('<a href="{0}" rel="noopener noreferrer nofollow ugc">{0}</a>', address)
        )
        end = match.start() + len(address)
    parts.append(_lines(text[end:]))
    return mark_safe("".join(parts))


def _lines(text: str) -> str:
    return str(conditional_escape(text)).replace("\n", "<br>")
