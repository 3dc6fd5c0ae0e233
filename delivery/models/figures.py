"""Figures by day, so that a page reads few rows whatever happened; equal to a recount."""

from __future__ import annotations

from django.db import models

from delivery.models.system import System


class DailyFigures(models.Model):
    """What one day of one system adds to its metrics (delivery/domain/daily.py).

    `day` is the organization's. `figures` is the day's `DayFigures` as plain data: counts, and
    sorted lists where a median has to be exact.
    """

    TENANT_PATH = "system__organization"

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ["day"]
        verbose_name_plural = "daily figures"
        constraints = [models.UniqueConstraint(fields=["system", "day"], name="figures_once_a_day")]

    def __str__(self) -> str:
        return f"{self.system_id} {self.day}"


class StaleDay(models.Model):
    """A day whose figures have to be counted anew because one of its records changed.

    Written in the transaction of the record, so no day is forgotten; the worker counts and
    removes it.
    """

    TENANT_PATH = "system__organization"

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="stale_days")
    day = models.DateField()
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["system", "day"], name="stale_by_day")]

    def __str__(self) -> str:
        return f"{self.system_id} {self.day}"
