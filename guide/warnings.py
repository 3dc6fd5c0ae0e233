"""What is allowed in a guide and still looks like a slip: rules that decide nothing, work that no
plan can hold, controls nobody serves, things nobody refers to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

from guide.model import Guide, Initiative, Question
from guide.possibilities import Budget, possible_truths, truths_when_answered
from guide.references import target_name
from guide.rules import Comparison, Constant, Junction, Node, Not, Rule, StateTest

Report = Callable[[str, str, str], None]

# Below this a challenge's exposure hangs on one person's view of one thing.
LEAST_EVIDENCE = 3
# Ten questions take five minutes; fewer or many more are no quick scan.
QUICK_SCAN = range(8, 13)
# A guide of so many questions is quick enough without.
SHORT = 20
# Plans hold no action whose questions all stand at this level (``docs/planning.md``).
PLANNED_LEVEL = 3


def check_warnings(guide: Guide, report: Report) -> None:
    """Call ``report(kind, id, message)`` for everything that looks like a slip."""
    budget = Budget()
    _check_rules(guide, report, budget)
    _check_initiatives(guide, report, budget)
    _check_use(guide, report)
    _check_evidence(guide, report)
    _check_quick_scan(guide, report)
    _check_targets(guide, report)


def _check_rules(guide: Guide, report: Report, budget: Budget) -> None:
    for question in guide.questions.values():
        if question.applies is not None:
            truths = possible_truths(guide, question.applies, as_asked=False, budget=budget)
            if True not in truths:
                message = f"no answers can make '{question.applies}' true: it is never asked"
                report("question", question.id, message)
            elif False not in truths:
                message = f"'{question.applies}' is never false: it is always asked; leave it out"
                report("question", question.id, message)
            _check_parts(guide, "question", question.id, question.applies, report, budget)
    for kind, part_id, name, rule in _other_rules(guide):
        if not isinstance(rule.node, Constant):
            truths = possible_truths(guide, rule, budget=budget)
            if True not in truths and kind != "initiative":
                report(kind, part_id, f"no answers can make {name} '{rule}' true")
            if False not in truths:
                report(kind, part_id, f"{name} '{rule}' is never false; write 'always'")
            _check_parts(guide, kind, part_id, rule, report, budget)


def _other_rules(guide: Guide) -> Iterator[tuple[str, str, str, Rule]]:
    for initiative in guide.initiatives:
        yield "initiative", initiative.id, "when", initiative.when
        if initiative.applies is not None:
            yield "initiative", initiative.id, "applies", initiative.applies
    for gate in guide.gates:
        for item in gate.checklist:
            if item.applies is not None:
                yield "gate", gate.id, f"{item.id}: applies", item.applies
    for regime in guide.regimes:
        yield "regime", regime.id, "applies", regime.applies
    for contradiction in guide.contradictions:
        yield "contradiction", contradiction.id, "when", contradiction.when


def _check_parts(
    guide: Guide, kind: str, part_id: str, rule: Rule, report: Report, budget: Budget
) -> None:
    """A part of a rule that no answer, or every answer, makes true."""
    for comparison in rule.comparisons():
        truths = truths_when_answered(guide, comparison, budget)
        if truths == {False}:
            report(kind, part_id, f"no answer makes '{in_words(comparison)}' true in '{rule}'")
        elif truths == {True}:
            message = f"every answer makes '{in_words(comparison)}' true in '{rule}'"
            report(kind, part_id, message)


def in_words(comparison: Comparison) -> str:
    """A comparison as it is written."""
    literals = ", ".join(f"{p:g}" if isinstance(p, float) else p for p in comparison.literals)
    several = comparison.op == "in" or comparison.op in ("has all", "has none")
    wanted = f"({literals})" if several or len(comparison.literals) > 1 else literals
    subject = comparison.ref
    if comparison.measure != "value":
        tests = " and ".join(
            f"{t.column} {t.op} {f'{t.literal:g}' if isinstance(t.literal, float) else t.literal}"
            for t in comparison.where
        )
        where = f" where {tests.strip()}" if tests else ""
        subject = f"{comparison.measure}({comparison.ref}{where})"
    op = "has" if comparison.op == "has any" and wanted == literals else comparison.op
    return f"{subject} {op} {wanted}"


def _check_initiatives(guide: Guide, report: Report, budget: Budget) -> None:
    triggered = {i.id for i in guide.initiatives if _is_triggered(guide, i, budget)}
    brought: set[str] = set()
    waiting = sorted(triggered)
    while waiting:
        for needed in guide.initiative(waiting.pop()).needs:
            known = needed in triggered or needed in brought
            when = guide.initiative(needed).when
            # A predecessor comes along while it is open whether it is needed itself.
            if not known and None in possible_truths(guide, when, budget=budget):
                brought.add(needed)
                waiting.append(needed)
    for initiative in guide.initiatives:
        if initiative.id not in triggered | brought:
            message = f"no answers bring it into a plan ('{initiative.when}'"
            message += ", with a lifted question below level 3)" if initiative.lifts else ")"
            report("initiative", initiative.id, message)
        if initiative.contains:
            contained = guide.initiative(initiative.contains)
            if contained.kind != "action":
                report("initiative", initiative.id, f"{contained.id} is not an action to contain")


def _is_triggered(guide: Guide, initiative: Initiative, budget: Budget) -> bool:
    parts: list[Node] = [initiative.when.node]
    if initiative.applies is not None:
        parts.append(Not(Not(initiative.applies.node)))
    if initiative.kind == "action" and initiative.lifts and not initiative.duty:
        below = (_is_below_target(guide.question(lift.question)) for lift in initiative.lifts)
        parts.append(Junction(tuple(below), deciding=True))
    node = Junction(tuple(parts), deciding=False)
    return True in possible_truths(guide, node, budget=budget)


def _is_below_target(question: Question) -> Node:
    if question.kind != "level":
        return Not(StateTest(question.id, "not_applicable"))
    low = Comparison(question.id, "<", (float(PLANNED_LEVEL),))
    states = (StateTest(question.id, "unknown"), StateTest(question.id, "unanswered"))
    return Junction((low, *states), deciding=True)


def _check_use(guide: Guide, report: Report) -> None:
    """What nothing refers to."""
    used = _used(guide)
    for kind, parts, message in (
        ("control", guide.controls, "no question asks for it and no initiative serves it"),
        ("concept", guide.concepts, "nothing links to it and it helps with nothing"),
        ("source", guide.sources, "nothing cites it"),
        ("role", guide.roles, "no initiative and no gate needs it"),
        ("phase", guide.phases, "no initiative is in it"),
        ("gate", guide.gates, "no initiative counts for it"),
        ("regime", guide.regimes, "it has no control"),
        ("stage", guide.pipeline_stages, "no control names it"),
    ):
        for part in parts:
            if part.id not in used[kind]:
                report(kind, part.id, message)


def _used(guide: Guide) -> Mapping[str, set[str]]:
    """The ids that something else refers to, by kind."""
    questions, initiatives = tuple(guide.questions.values()), guide.initiatives
    asking: tuple[Question | Initiative, ...] = (*questions, *initiatives)
    citing: list[Iterable[str]] = [part.sources for part in asking]
    citing += [part.sources for part in guide.challenges]
    citing += [part.sources for part in guide.gates]
    citing += [part.sources for part in guide.concepts]
    citing.append(benchmark.source for benchmark in guide.benchmarks)
    linked: list[Iterable[str]] = [part.links for part in asking]
    linked.append(step.id for step in guide.steps)
    linked.append(concept.id for concept in guide.concepts if concept.helps_with)
    at_work = [*(i.roles for i in initiatives), *(gate.approvers for gate in guide.gates)]
    return {
        "control": set(chain.from_iterable(part.controls for part in asking)),
        "concept": set(chain.from_iterable(linked)),
        "source": set(chain.from_iterable(citing)),
        "role": set(chain.from_iterable(at_work)),
        "phase": {initiative.phase for initiative in initiatives},
        "gate": {initiative.gate for initiative in initiatives if initiative.kind != "review"},
        "regime": {control.regime for control in guide.controls},
        "stage": set(chain.from_iterable(control.stages for control in guide.controls)),
    }


def _check_evidence(guide: Guide, report: Report) -> None:
    lifted = {lift.question for i in guide.initiatives for lift in i.lifts}
    for question in guide.questions.values():
        if question.kind == "level" and question.id not in lifted:
            report("question", question.id, "no initiative lifts it: a low level leads to no work")
    addressed = set(chain.from_iterable(i.addresses for i in guide.initiatives))
    for challenge in guide.challenges:
        asked = [
            q.id
            for q in guide.questions.values()
            if challenge.id in {i.challenge for i in q.informs}
        ]
        if challenge.ranked and len(asked) < LEAST_EVIDENCE:
            message = f"{len(asked)} question(s) inform it; give it at least {LEAST_EVIDENCE}"
            report("challenge", challenge.id, message)
        if challenge.ranked and challenge.id not in addressed:
            report("challenge", challenge.id, "no initiative addresses it")
    for step in guide.steps:
        if not any(question.is_scored and question.weight for question in step.questions):
            report("step", step.id, "none of its questions is scored")


def _check_quick_scan(guide: Guide, report: Report) -> None:
    asked = [guide.question(question_id) for question_id in guide.quick_scan]
    if not asked and sum(len(step.questions) for step in guide.steps) <= SHORT:
        return
    if len(asked) not in QUICK_SCAN:
        message = f"the quick scan has {len(asked)} question(s); about ten take five minutes"
        report("guide", guide.id, message)
    if not asked:
        return
    for question in asked:
        if question.kind in ("table", "record", "text") or not question.is_scored:
            message = f"the quick scan asks {question.id}, which can't be chosen and scored at once"
            report("guide", guide.id, message)
    steps = {question.step for question in asked}
    challenges = {informs.challenge for question in asked for informs in question.informs}
    missing = [step.id for step in guide.steps if step.id not in steps]
    missing += [part.id for part in guide.challenges if part.ranked and part.id not in challenges]
    for name in missing:
        report("guide", guide.id, f"the quick scan says nothing about {name}")


def _check_targets(guide: Guide, report: Report) -> None:
    if all(targets.kinds for targets in guide.targets):
        message = "targets.yaml has no profile without kinds, for all other organizations"
        report("targets", "others", message)
    wanted = [step.id for step in guide.steps] + [c.id for c in guide.challenges if c.ranked]
    for targets in guide.targets:
        missing = [name for name in wanted if name not in {**targets.steps, **targets.challenges}]
        if missing:
            report("targets", target_name(targets), f"no target for {', '.join(missing)}")
