"""Reporting on initiatives, and what comes with it: comments, evidence, due dates, limits."""
