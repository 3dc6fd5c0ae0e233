"""Does a text look as if it held patient data? A warning for the person, never a block.

Waymark asks about systems and habits, so a social security number, a medical record number
or a date of birth beside a name is always a slip. The patterns are narrow on purpose: a
warning that fires on version numbers and invoice dates teaches people to ignore it.
"""

import re
from collections.abc import Iterable
from enum import StrEnum


class PatientData(StrEnum):
    SSN = "ssn"
    MRN = "mrn"
    BIRTH_DATE = "birth_date"


# Area 000, 666 and 9xx, group 00 and serial 0000 were never issued.
_SSN = re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])")
_SSN_NAMED = re.compile(
    r"\b(?:ssn|social security(?: number| no\.?)?)\b\W{0,4}(?!000|666|9)\d{9}\b", re.IGNORECASE
)
_MRN = re.compile(
    r"\b(?:mrn|medical record (?:number|no\.?|#)|patient (?:id|number|no\.?))\b"
    r"\s*(?:is|no\.?|number)?\s*[:#=]?\s*(?=[A-Z-]{0,4}\d)[A-Z0-9-]{5,}\b",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}"
    rf"|\d{{1,2}}\s+{_MONTH}\s+(?:19|20)\d{{2}}|{_MONTH}\s+\d{{1,2}},?\s+(?:19|20)\d{{2}})"
)
_BORN = re.compile(
    rf"\b(?:dob|d\.o\.b\.?|date of birth|born(?: on)?|birth ?date)\W{{0,4}}{_DATE}", re.IGNORECASE
)
# Two capitalized words in a row, or "Doe, Jane": as much of a name as a pattern can see.
_NAME = re.compile(r"\b[A-Z][a-z'’-]+,?\s+(?:[A-Z]\.\s+)?[A-Z][a-z'’-]+\b")


def find_patient_data(texts: Iterable[str]) -> tuple[PatientData, ...]:
    """The kinds of patient data the texts seem to hold, each once, in a fixed order."""
    found = {kind for text in texts for kind in _kinds_in(text)}
    return tuple(kind for kind in PatientData if kind in found)


def _kinds_in(text: str) -> Iterable[PatientData]:
    if _SSN.search(text) or _SSN_NAMED.search(text):
        yield PatientData.SSN
    if _MRN.search(text):
        yield PatientData.MRN
    born = _BORN.search(text)
    if born and _NAME.search(_without_birth_words(text, born)):
        yield PatientData.BIRTH_DATE


def _without_birth_words(text: str, born: re.Match[str]) -> str:
    # "Date of Birth" and month names are capitalized too; they are not the name.
    return text[: born.start()] + " | " + text[born.end() :]
