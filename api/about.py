"""What is said above the operations, in the document and on its page."""

ABOUT = """
Everything a consultant automates: clients, answers, scores, plans, progress, metrics, reports.

Make a token under “API” in the menu of your account and send it as
`Authorization: Bearer wmk_…`. It allows what its scopes say and never more than you may do yourself
at that moment. A consultancy’s token also reaches the clients that have let the consultancy in.
Never put it into an address.

Send bodies as JSON with `Content-Type: application/json`. Errors are `application/problem+json`
(RFC 9457): `detail` says what to do, `errors` says it by field. Lists come in parts: pass
`next_cursor` on as `cursor` until it is null. Days are text (2027-01-31), moments too, with their
zone (2027-01-31T09:30:00Z).

Nobody’s newer work is overwritten: send the `version` you saw, and a newer one is a 409 with what
stands there as `current`; or send the `ETag` as `If-Match`, and it is a 412. A `GET` with
`If-None-Match` is a 304 where nothing changed. A `POST` with an `Idempotency-Key` of your own has
one effect, however often it comes within a day. Was a call lost with the server before it was
answered, the same key is told 409 for two minutes and may then be used anew: look first whether it
had its effect. Calls are limited by the minute: see the
`RateLimit-…` headers; past the limit you get 429 with `Retry-After`.

What is slow is answered with 202: ask how far it is every few seconds, or add a webhook.

Version 1 stays: fields, operations and kinds of events may be added, so pass over what you do not
know; nothing is taken away or gets another meaning under `/api/v1/`.

Scores, efforts and dates are estimates. Mappings to laws and standards are no legal advice.
"""
