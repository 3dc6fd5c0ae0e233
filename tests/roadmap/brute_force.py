"""Whether small problems can keep all their wishes, found by trying every day of every task.

Written from the rules of the design; shares nothing with the engine or with the proofs.
"""

from collections import Counter

from roadmap.domain.problem import Problem


def is_satisfiable(problem: Problem) -> bool:
    """Whether some schedule keeps every pin and due day. Tasks that no such task waits for are
    left aside: they can come after everything.
    """
    tasks = {task.id: task for task in problem.tasks}
    order = []
    for task in problem.tasks:
        if task.fixed is not None or task.due is not None:
            _visit(task.id, tasks, order)
    ends = [tasks[name].due for name in order if tasks[name].due is not None]
    ends += [
        tasks[name].fixed + tasks[name].duration for name in order if tasks[name].fixed is not None
    ]
    return _place([tasks[name] for name in order], {}, Counter(), problem, max(ends, default=0))


def _visit(name, tasks, order):
    for other, _ in tasks[name].predecessors:
        _visit(other, tasks, order)
    if name not in order:
        order.append(name)


def _place(tasks, finishes, used, problem, days):
    if not tasks:
        return True
    task, rest = tasks[0], tasks[1:]
    arrival = max((finishes[other] + lag for other, lag in task.predecessors), default=0)
    starts = range(max(arrival, task.earliest), days - task.duration + 1)
    if task.fixed is not None:
        starts = [task.fixed] if task.fixed >= arrival else []
    for start in starts:
        finish = start + task.duration
        if task.due is not None and finish > task.due:
            break
        taken = Counter(used)
        for day in range(start, finish):
            taken["limit", day] += task.wip
            for role, amount in task.demands.items():
                taken[role, day] += amount
        if _is_possible(task, start, finish, taken, problem) and _place(
            rest, {**finishes, task.id: finish}, taken, problem, days
        ):
            return True
    return False


def _is_possible(task, start, finish, taken, problem):
    for day in range(start, finish):
        if problem.wip_limit is not None and task.wip and taken["limit", day] > problem.wip_limit:
            return False
        for role, amount in task.demands.items():
            capacity = [value for since, value in sorted(problem.capacities[role]) if since <= day]
            if amount and taken[role, day] > capacity[-1]:
                return False
        if day >= finish - task.go_live and any(a <= day < b for a, b in problem.freezes):
            return False
    return True
