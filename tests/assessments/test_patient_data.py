import pytest

from assessments.patient_data import PatientData, find_patient_data


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("SSN 219-09-9999", [PatientData.SSN]),
        ("his number is 219 09 9999.", [PatientData.SSN]),
        ("social security number: 219099999", [PatientData.SSN]),
        ("MRN 00123456", [PatientData.MRN]),
        ("mrn: A-1234567", [PatientData.MRN]),
        ("Medical record number 778899", [PatientData.MRN]),
        ("Jane Doe, DOB 1/2/1960", [PatientData.BIRTH_DATE]),
        ("Doe, Jane born 1960-02-01", [PatientData.BIRTH_DATE]),
        ("date of birth 3 March 1950 for John Q. Public", [PatientData.BIRTH_DATE]),
        ("Jane Doe DOB 01/02/1960, MRN 445566, 219-09-9999", list(PatientData)),
    ],
)
def test_find_patient_data_sees_what_looks_like_it(text, kinds):
    assert find_patient_data([text]) == tuple(kinds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Version 3.14.1599 was rolled back on 2026-03-01",
        "Ticket 000-12-3456 and 666-12-3456 and 912-34-5678",
        "Call 555-123-4567",
        "1219-09-99991",
        "We match on MRN and date of birth",
        "Dr. Jane Doe owns the interface",
        "The rule was born 2020-01-01 in a meeting",
        "The MRN field has 8 digits",
        "45 CFR 164.308(a)(7)",
    ],
)
def test_find_patient_data_leaves_ordinary_text_alone(text):
    assert find_patient_data([text]) == ()


def test_find_patient_data_names_each_kind_once():
    assert find_patient_data(["MRN 123456", "MRN 654321"]) == (PatientData.MRN,)
