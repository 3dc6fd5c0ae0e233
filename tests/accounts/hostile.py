"""Things people type, by mistake or on purpose, into any field."""

EMOJI = "Clinic 🏥 👩‍⚕️"
RIGHT_TO_LEFT = "مستشفى الملك"
HTML = "<script>alert(1)</script><b>Clinic</b>"
QUOTES = '"O\'Brien & Sons" {{ name }} {% now %}'
LONG = "x" * 10_000

STORABLE = (EMOJI, RIGHT_TO_LEFT, HTML, QUOTES)
