"""Geometry of the planning charts, by subject; the drawing is in `templates/charts/`."""

from roadmap.charts.gantt import Bar, FreezeBand, Gantt, GateMark, gantt

__all__ = ["Bar", "FreezeBand", "Gantt", "GateMark", "gantt"]
