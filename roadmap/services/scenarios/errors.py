"""What stands in the way of a change to a scenario."""

from __future__ import annotations

from collections.abc import Sequence

from roadmap.models import Scenario, ScenarioChange


class StaleScenario(Exception):
    """Someone changed it since it was opened; `changes` are theirs, the oldest first."""

    def __init__(self, current: Scenario, changes: Sequence[ScenarioChange] = ()) -> None:
        self.current = current
        self.changes = list(changes)
        super().__init__(f"scenario {current.pk} is at version {current.version}")


class ScenarioFrozen(Exception):
    """It was adopted: a change needs a copy."""


class ScenarioOutdated(Exception):
    """Its plan was made by an older planner or guide: it has to be planned again first."""


class NothingToUndo(Exception):
    """No decision by hand is left to take back."""
