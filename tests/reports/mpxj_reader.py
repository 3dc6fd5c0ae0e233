"""`python -m tests.reports.mpxj_reader FILE`: what mpxj finds in a project file, as JSON.

In a process of its own, as a Java machine cannot be ended inside of one.
"""

import json
import sys
from pathlib import Path
from typing import Any

import jpype
import mpxj  # noqa: F401  (puts its classes where Java finds them)


def read(path: Path) -> dict[str, Any]:
    from java.time import LocalDate
    from org.mpxj.reader import UniversalProjectReader

    project = UniversalProjectReader().read(str(path))
    calendar = project.getDefaultCalendar()
    holiday = LocalDate.of(2026, 12, 25)
    return {
        "tasks": [_task(task) for task in project.getTasks()],
        "resources": [
            {"name": str(one.getName()), "units": float(one.getMaxUnits())}
            for one in project.getResources()
            if one.getName()
        ],
        "assignments": [
            {
                "task": str(one.getTask().getName()),
                "resource": str(one.getResource().getName()),
                "hours": float(one.getWork().getDuration()),
            }
            for one in project.getResourceAssignments()
        ],
        "works_on_25_december": bool(calendar.isWorkingDate(holiday)),
        "works_on_23_december": bool(calendar.isWorkingDate(LocalDate.of(2026, 12, 23))),
        "works_on_sundays": bool(calendar.isWorkingDate(LocalDate.of(2026, 12, 27))),
        "company": str(project.getProjectProperties().getCompany()),
    }


def _task(task: Any) -> dict[str, Any]:
    return {
        "name": str(task.getName()),
        "outline": str(task.getOutlineNumber()),
        "start": str(task.getStart()),
        "finish": str(task.getFinish()),
        "milestone": bool(task.getMilestone()),
        "summary": bool(task.getSummary()),
        "percent": float(task.getPercentageComplete() or 0),
        "actual_start": str(task.getActualStart()),
        "actual_finish": str(task.getActualFinish()),
        "after": [str(link.getPredecessorTask().getName()) for link in task.getPredecessors()],
        "constraint": str(task.getConstraintType()),
        "baseline": str(task.getBaselineFinish()),
        "notes": str(task.getNotes()),
    }


if __name__ == "__main__":
    jpype.startJVM("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    print(json.dumps(read(Path(sys.argv[1]))))
