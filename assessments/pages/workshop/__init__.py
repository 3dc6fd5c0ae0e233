"""What the projector shows: one question with everyone's spread, and how the step ended."""

from assessments.pages.workshop.outcome import Outcome, step_outcome
from assessments.pages.workshop.showing import Showing, talkable

__all__ = ["Outcome", "Showing", "step_outcome", "talkable"]
