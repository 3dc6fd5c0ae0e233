"""Whether a score rule can be applied to the answers of its question, and stays within 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from guide.model import AnswerField, Question, ScoreRule

KINDS: Mapping[str, tuple[str, ...]] = {
    "scale": ("number", "record", "choices"),
    "sum_scale": ("record",),
    "share": ("choices",),
    "one_minus_share": ("choices",),
    "shares": ("record",),
    "field_choice": ("record", "choices"),
    "rows": ("table",),
    "count_rows": ("table",),
}


def score_faults(question: Question, score: ScoreRule) -> Iterator[str]:
    """What is wrong with a score, in words."""
    if score.rule == "mean":
        if not isinstance(score.of, tuple):
            yield "its score 'mean' needs a list of rules under 'of'"
            return
        for part in score.of:
            yield from score_faults(question, part)
        return
    if question.kind not in KINDS[score.rule]:
        kinds = " or ".join(KINDS[score.rule])
        yield f"score rule '{score.rule}' is for kind {kinds}, not {question.kind}"
        return
    given = [*score.values.values(), *(w for c in score.columns.values() for w in c.values())]
    if any(not 0 <= worth <= 1 for worth in given if isinstance(worth, (int, float))):
        yield f"the values of score rule '{score.rule}' must lie in 0..1"
    if score.rule in ("share", "one_minus_share"):
        if not isinstance(score.of, float) or score.of <= 0:
            yield f"score rule '{score.rule}' needs a number above 0 under 'of'"
    elif question.kind == "table":
        yield from _table_faults(question, score)
    else:
        yield from _field_faults(question, score)


def _is_number(worth: object) -> bool:
    return isinstance(worth, (int, float))


def _field_faults(question: Question, score: ScoreRule) -> Iterator[str]:
    fields = {field.id: field for field in question.fields}
    wanted = {"scale": "number", "field_choice": "choice"}.get(score.rule)
    if wanted and question.kind != "number":
        field = fields.get(score.field)
        if field is None:
            yield f"its score names no field '{score.field}'"
        elif field.kind != wanted:
            yield f"score rule '{score.rule}' needs a field of kind {wanted}; '{field.id}' is none"
        elif score.rule == "field_choice":
            yield from _unknown_options(field, score.values)
    if score.rule == "shares":
        for name in score.values:
            field = fields.get(name)
            if field is None:
                yield f"its score names no field '{name}'"
            elif field.kind != "number" or field.min is None or field.min < 0:
                yield f"'{name}' has a share in a score: make it a number with min: 0"


def _table_faults(question: Question, score: ScoreRule) -> Iterator[str]:
    columns = {column.id: column for column in question.columns}
    for name in dict.fromkeys((*score.columns, *score.where)):
        if name not in columns:
            yield f"its score names no column '{name}'"
    for name, accepted in score.where.items():
        if name in columns:
            yield from _unknown_options(columns[name], (a for a in accepted if a))
    for name, worths in score.columns.items():
        column = columns.get(name)
        if column is None:
            continue
        if column.kind == "choices" and not set(worths) <= {"present", "absent"}:
            yield f"column '{name}' holds several choices; score it by present and absent"
        elif "scale" in worths:
            if column.kind != "number" or _is_number(worths["scale"]):
                yield f"column '{name}' needs kind number and points for a scale"
        elif not {"present", "absent"} & set(worths):
            if not all(_is_number(worth) for worth in worths.values()):
                yield f"column '{name}' needs a number for each option"
            yield from _unknown_options(column, worths)


def _unknown_options(field: AnswerField, names: Iterable[str]) -> Iterator[str]:
    known = {option.id for option in field.options}
    for name in names:
        if known and name not in known:
            yield f"its score names no option '{name}' of '{field.id}'"
