"""Whether everything a guide refers to exists, and its initiatives form no cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from guide.model import AnswerField, Guide, Initiative, Option, Question, Targets
from guide.rules import ColumnTest, Comparison, Rule
from guide.scorechecks import score_faults

Report = Callable[[str, str, str], None]


def check_references(guide: Guide, report: Report) -> None:
    """Call ``report(kind, id, message)`` for everything that leads nowhere."""
    known = _known(guide)

    def must_exist(kind: str, part_id: str, target: str, ids: Iterable[str]) -> None:
        for wanted in ids:
            if wanted and wanted not in known[target]:
                report(kind, part_id, f"there is no {target} '{wanted}'; correct the id or add it")

    for question in guide.questions.values():
        must_exist("question", question.id, "challenge", (i.challenge for i in question.informs))
        must_exist("question", question.id, "concept", question.links)
        must_exist("question", question.id, "source", question.sources)
        must_exist("question", question.id, "control", question.controls)
        must_exist("question", question.id, "gate", (question.gate,))
        _check_rule(guide, "question", question.id, question.applies, report)
        _check_question(question, report)
    for challenge in guide.challenges:
        must_exist("challenge", challenge.id, "step", challenge.steps)
        must_exist("challenge", challenge.id, "source", challenge.sources)
    for initiative in guide.initiatives:
        _check_initiative(guide, initiative, must_exist, report)
    _check_gates(guide, must_exist, report)
    for concept in guide.concepts:
        must_exist("concept", concept.id, "source", concept.sources)
    for regime in guide.regimes:
        _check_rule(guide, "regime", regime.id, regime.applies, report)
    _check_extras(guide, must_exist, report)
    _check_roles(guide, report)
    _check_cycles(guide, report)


def _known(guide: Guide) -> Mapping[str, set[str]]:
    return {
        "question": set(guide.questions),
        "step": {p.id for p in guide.steps},
        "phase": {p.id for p in guide.phases},
        "challenge": {p.id for p in guide.challenges},
        "initiative": {p.id for p in guide.initiatives},
        "gate": {p.id for p in guide.gates},
        "role": {p.id for p in guide.roles},
        "control": {p.id for p in guide.controls},
        "concept": {p.id for p in guide.concepts},
        "source": {p.id for p in guide.sources},
        "stage": {p.id for p in guide.pipeline_stages},
    }


def _check_question(question: Question, report: Report) -> None:
    for informs in question.informs:
        named = informs.score != "default"
        if named and informs.score not in question.scores:
            report("question", question.id, f"it has no score named '{informs.score}'")
        elif not named and not question.is_scored:
            message = f"it informs {informs.challenge} but has no default score; state one"
            report("question", question.id, message)
    for options in (question.options, *(f.options for f in (*question.fields, *question.columns))):
        for name, count in _names(options).items():
            if count > 1:
                report("question", question.id, f"option or alias '{name}' is given twice")
    ids = [part.id for part in (*question.fields, *question.columns)]
    for doubled in {i for i in ids if ids.count(i) > 1}:
        report("question", question.id, f"field or column '{doubled}' is given twice")
    if question.row_label and question.row_label not in {c.id for c in question.columns}:
        report("question", question.id, f"its row_label names no column '{question.row_label}'")
    for score in question.scores.values():
        for message in score_faults(question, score):
            report("question", question.id, message)


def _names(options: tuple[Option, ...]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for option in options:
        for name in {option.id.casefold(), *(alias.casefold() for alias in option.aliases)}:
            counted[name] = counted.get(name, 0) + 1
    return counted


def _check_initiative(
    guide: Guide, initiative: Initiative, must_exist: Callable[..., None], report: Report
) -> None:
    here = ("initiative", initiative.id)
    must_exist(*here, "step", (initiative.step,))
    must_exist(*here, "phase", (initiative.phase,))
    must_exist(*here, "initiative", (*initiative.needs, initiative.contains))
    must_exist(*here, "role", initiative.roles)
    must_exist(*here, "challenge", initiative.addresses)
    must_exist(*here, "concept", initiative.links)
    must_exist(*here, "gate", (initiative.gate,))
    must_exist(*here, "control", initiative.controls)
    must_exist(*here, "source", initiative.sources)
    must_exist(*here, "question", (lift.question for lift in initiative.lifts))
    for lift in initiative.lifts:
        question = guide.questions.get(lift.question)
        if question and lift.to is not None and question.kind != "level":
            report(*here, f"{lift.question} has no levels; leave out 'to'")
    _check_rule(guide, *here, initiative.when, report)
    _check_rule(guide, *here, initiative.applies, report)


def _check_gates(guide: Guide, must_exist: Callable[..., None], report: Report) -> None:
    reviews = {i.id: i for i in guide.initiatives if i.kind == "review"}
    for gate in guide.gates:
        must_exist("gate", gate.id, "step", (gate.step,))
        must_exist("gate", gate.id, "role", gate.approvers)
        must_exist("gate", gate.id, "source", gate.sources)
        for item in gate.checklist:
            must_exist("gate", gate.id, "initiative", item.initiatives)
            _check_rule(guide, "gate", gate.id, item.applies, report)
        review = reviews.get(gate.review)
        if review is None:
            report("gate", gate.id, f"'{gate.review}' is not a review initiative")
        elif review.gate != gate.id:
            report("gate", gate.id, f"review {review.id} is for gate {review.gate}")


def target_name(targets: Targets) -> str:
    """What messages call a target profile, which has no id of its own."""
    return " ".join(targets.kinds) or "others"


def _check_extras(guide: Guide, must_exist: Callable[..., None], report: Report) -> None:
    """What a guide may do without: contradictions, targets, quick scan, pipeline stages."""
    must_exist("guide", guide.id, "question", guide.quick_scan)
    for control in guide.controls:
        must_exist("control", control.id, "stage", control.stages)
    for contradiction in guide.contradictions:
        must_exist("contradiction", contradiction.id, "question", contradiction.questions)
        _check_rule(guide, "contradiction", contradiction.id, contradiction.when, report)
    _check_kinds(guide, report)
    for benchmark in guide.benchmarks:
        must_exist("benchmark", benchmark.id, "source", (benchmark.source,))
        for measure in benchmark.measures:
            must_exist("benchmark", benchmark.id, "question", (measure.question,))
            question = guide.questions.get(measure.question)
            fields = {field.id for field in question.fields} if question else set()
            if question and measure.field and measure.field not in fields:
                report("benchmark", benchmark.id, f"{question.id} has no field '{measure.field}'")
    for targets in guide.targets:
        must_exist("targets", target_name(targets), "step", targets.steps)
        must_exist("targets", target_name(targets), "challenge", targets.challenges)
        for name, number in (*targets.steps.items(), *targets.challenges.items()):
            if not 0 <= number <= 100:
                message = f"the target for {name} must lie in 0..100; {number:g} does not"
                report("targets", target_name(targets), message)
    known = {step.id for step in guide.steps} | {part.id for part in guide.challenges}
    for concept in guide.concepts:
        for name in set(concept.helps_with) - known:
            message = f"there is no step or challenge '{name}'; correct the id"
            report("concept", concept.id, message)


def _check_kinds(guide: Guide, report: Report) -> None:
    """Target profiles are for kinds of organization: options of the profile's first question."""
    first = next(iter(guide.profile_questions), None)
    known = {option.id for option in first.options} if first else set()
    told: set[str] = set()
    for targets in guide.targets:
        for kind in targets.kinds:
            if kind not in known:
                message = f"the profile's first question has no option '{kind}'; correct the id"
                report("targets", target_name(targets), message)
            elif kind in told:
                message = f"'{kind}' has a target profile already; keep one"
                report("targets", target_name(targets), message)
            told.add(kind)


def _check_roles(guide: Guide, report: Report) -> None:
    fields = {field.id for q in guide.profile_questions for field in q.fields}
    for role in guide.roles:
        for name in (role.fte_from, role.fallback_fte_from):
            if name and name not in fields:
                report("role", role.id, f"the profile has no field '{name}'")


def _check_rule(guide: Guide, kind: str, part_id: str, rule: Rule | None, report: Report) -> None:
    if rule is None:
        return
    for test in rule.state_tests():
        _find(guide, kind, part_id, test.ref, report)
    for comparison in rule.comparisons():
        found = _find(guide, kind, part_id, comparison.ref, report)
        if found is not None:
            for message in _comparison_faults(found, comparison):
                report(kind, part_id, f"rule '{rule}': {message}")


def _find(
    guide: Guide, kind: str, part_id: str, ref: str, report: Report
) -> tuple[Question, AnswerField | None] | None:
    found = find_reference(guide, ref)
    if found is None:
        report(kind, part_id, f"its rule asks for '{ref}', which is no question or field")
    return found


def find_reference(guide: Guide, ref: str) -> tuple[Question, AnswerField | None] | None:
    """The question, and the field of it, that a rule's reference means."""
    if ref in guide.questions or ref in guide.tables:
        return guide.question(ref), None
    question_id, _, name = ref.rpartition(".")
    question = guide.questions.get(question_id)
    for field in question.fields if question else ():
        if field.id == name:
            return guide.question(question_id), field
    return None


def _comparison_faults(
    found: tuple[Question, AnswerField | None], comparison: Comparison
) -> Iterable[str]:
    question, field = found
    part = field or question
    if comparison.measure == "value" and question.kind == "table":
        yield f"{question.id} is a table; use count({question.id} where …)"
    if comparison.measure == "value" and part.options:
        ids = {option.id for option in part.options}
        for literal in comparison.literals:
            if str(literal) not in ids:
                yield f"{comparison.ref} has no option '{literal}'"
    if comparison.op.startswith("has") and part.kind != "choices":
        yield f"{comparison.ref} is not a question with several choices; use ="
    several = comparison.measure == "value" and part.kind == "choices"
    if comparison.op in ("=", "!=", "in") and several:
        yield f"{comparison.ref} holds several choices; use has"
    for test in comparison.where:
        yield from _column_faults(question, test)


def _column_faults(question: Question, test: ColumnTest) -> Iterable[str]:
    column = next((c for c in question.columns if c.id == test.column), None)
    if column is None:
        yield f"{question.id} has no column '{test.column}'"
    elif column.options and test.op in ("=", "!="):
        literal = test.literal
        name = f"{literal:g}" if isinstance(literal, float) else literal
        if name not in {option.id for option in column.options}:
            yield f"column '{test.column}' of {question.id} has no option '{name}'"


def predecessors_with_gates(guide: Guide) -> dict[str, set[str]]:
    """What each initiative waits for: its needs, and for a review all that carry its gate."""
    waits = {initiative.id: set(initiative.needs) for initiative in guide.initiatives}
    for gate in guide.gates:
        for initiative in guide.initiatives:
            if initiative.gate == gate.id and initiative.id != gate.review:
                waits.setdefault(gate.review, set()).add(initiative.id)
    return waits


def _check_cycles(guide: Guide, report: Report) -> None:
    try:
        TopologicalSorter(predecessors_with_gates(guide)).prepare()
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        names = " → ".join(cycle)
        report("initiative", cycle[0], f"initiatives wait for each other: {names}; break the ring")
