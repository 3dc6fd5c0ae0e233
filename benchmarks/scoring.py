"""How long scoring takes: one assessment, and a portfolio of a thousand.

    ./waymark bench scoring [--json]

Pure computation on the shipped guide, in one process: answers drawn from a fixed seed, different
for every assessment, some unknown, some missing, a fifth not applicable. Fails when one assessment
takes 5 ms, a thousand 5 s, or a thousand more than 1.5 times as long each as a hundred.
"""

import json
import random
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assessments.domain.answers import Answer, AnswerState, Basis  # noqa: E402
from assessments.domain.scoring import score  # noqa: E402
from guide.model import Guide, Question  # noqa: E402
from guide.registry import current_guide  # noqa: E402

PORTFOLIOS = (10, 100, 1_000)
ONE_MS, THOUSAND_S, GROWTH = 5.0, 5.0, 1.5


def an_answer(question: Question, chance: random.Random) -> Answer | None:
    """Something a person could have answered; None where they have not yet."""
    said = chance.random()
    if said < 0.05:
        return None
    if said < 0.10:
        return Answer(AnswerState.UNKNOWN)
    if question.kind == "level":
        value = chance.randrange(5)
    elif question.kind == "choice":
        value = chance.choice(question.options).id
    elif question.kind == "choices":
        value = {"choices": [o.id for o in question.options if chance.random() < 0.5]}
    elif question.kind == "number":
        value = chance.randrange(100)
    elif question.kind == "record":
        value = {f.id: chance.randrange(100) for f in question.fields if f.kind == "number"}
    elif question.kind == "table":
        value = [_row(question, chance) for _ in range(12)]
    else:
        value = "text"
    return Answer(AnswerState.ANSWERED, value, basis=chance.choice(list(Basis)))


def _row(question: Question, chance: random.Random) -> dict[str, object]:
    return {
        column.id: chance.choice(column.options).id
        for column in question.columns
        if column.kind == "choice"
    }


def portfolio(guide: Guide, size: int) -> list[dict[str, Answer]]:
    chance = random.Random(f"portfolio {size}")
    return [
        {
            question.id: answer
            for question in guide.questions.values()
            if (answer := an_answer(question, chance)) is not None
        }
        for _ in range(size)
    ]


def measure() -> dict[str, object]:
    guide = current_guide()
    many = portfolio(guide, 50)
    score(guide, many[0])
    single = []
    for answers in many:
        began = time.process_time_ns()
        score(guide, answers)
        single.append((time.process_time_ns() - began) / 1e6)
    totals = {}
    for size in PORTFOLIOS:
        assessments = portfolio(guide, size)
        began = time.process_time()
        for answers in assessments:
            score(guide, answers)
        totals[size] = time.process_time() - began
    return {
        "guide": f"{guide.id} {guide.version}",
        "questions": len(guide.questions),
        "one_assessment_ms": {
            "median": round(statistics.median(single), 2),
            "slowest": round(max(single), 2),
        },
        "portfolio_s": {str(size): round(total, 3) for size, total in totals.items()},
        "cost_of_each_at_1000_over_at_100": round(totals[1_000] / totals[100] / 10, 2),
    }


def main(arguments: list[str]) -> int:
    found = measure()
    one, portfolios = found["one_assessment_ms"], found["portfolio_s"]
    growth = found["cost_of_each_at_1000_over_at_100"]
    if "--json" in arguments:
        print(json.dumps(found, indent=2))
    else:
        print(
            f"{found['questions']} questions: one assessment {one['median']} ms "
            f"(slowest {one['slowest']} ms), a thousand {portfolios['1000']} s; each costs "
            f"{growth} times as much among a thousand as among a hundred (processor time)"
        )
    good = one["median"] < ONE_MS and portfolios["1000"] < THOUSAND_S and growth < GROWTH
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
