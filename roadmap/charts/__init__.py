"""Geometry of the planning charts, by subject; the drawing is in `templates/charts/`."""

from roadmap.charts.gantt import Bar, Gantt, GateMark, gantt
from roadmap.charts.plan_axis import FreezeBand

__all__ = ["Bar", "FreezeBand", "Gantt", "GateMark", "gantt"]
