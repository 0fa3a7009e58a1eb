"""Who can do what, and what goes on: tasks that hang on one person, plans for years to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playbook_helpers.core.assessment import Context, Finding, Head, Measure
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.practices.sustainability.records import Capacity, Continuing
from playbook_helpers.practices.sustainability.rows import ContinuingRow, TaskRow


def hangs_on_one(task: Capacity) -> bool | None:
    """Whether one person only can do a task; None where nothing tells.

    The number of people counts first. Without it, a role with nobody to step in is one person.
    """
    if task.able is not None:
        return task.able == 1
    if task.deputy is not None:
        return False
    return True if task.role is not None else None


def task_row(head: Head, task: Capacity, context: Context) -> TaskRow:
    """One task: how many can do it, whether it hangs on one, and what would make it safer."""
    return {
        "record": head.record,
        "task": task.task,
        "able": task.able,
        "role": task.role,
        "deputy": task.deputy,
        "written": task.written,
        "alone": hangs_on_one(task),
        "step": task.step,
        "due": task.due,
        "overdue": task.due is not None and last_day(task.due) < context.as_of,
    }


def people_measures(tasks: Sequence[tuple[Head, Capacity]]) -> Iterable[Measure]:
    """How many tasks hang on one person, of those of which it is known."""
    known = [hangs_on_one(task) for _, task in tasks if hangs_on_one(task) is not None]
    note = "" if known else "no task is written down yet"
    if tasks and not known:
        note = "nobody has said yet how many people can do them"
    yield Measure(
        "alone",
        "Tasks that hang on one person",
        float(sum(bool(alone) for alone in known)) if known else None,
        "",
        len(known),
        len(tasks) - len(known),
        note=note,
    )


def task_findings(tasks: Sequence[tuple[Head, Capacity]], context: Context) -> Iterable[Finding]:
    """What the tasks say."""
    if not tasks:
        yield Finding(
            "no_task",
            "No task is written down yet.",
            "note",
            "List the five tasks without which next month would not work, by role.",
            "What would stop if one of us were ill for a month?",
            effort="minutes",
        )
        return
    for head, task in tasks:
        alone = hangs_on_one(task)
        if task.able == 0:
            yield Finding(
                "nobody_able",
                f"Nobody can do this today: {task.task}.",
                "act",
                "Find out who would like to learn it, and from whom.",
                "How did we come to do without it?",
                records=(head.record,),
            )
        elif alone:
            written = " It is not written down either." if task.written is False else ""
            yield Finding(
                "one_person",
                f"This hangs on one person: {task.task}.{written}",
                "act" if task.written is False else "look",
                task.step or "Let a second person do it next time, with the first beside them.",
                "What would we lose with that person that nobody has asked about?",
                records=(head.record,),
            )
        elif alone is None:
            yield Finding(
                "task_unknown",
                f"Nobody has said how many people can do this: {task.task}.",
                "look",
                "Count them, and add the number.",
                effort="minutes",
                records=(head.record,),
            )
        if task.due is not None and last_day(task.due) < context.as_of and alone is not False:
            yield Finding(
                "task_overdue",
                f"The step that makes “{task.task}” safer was due by {spoken(task.due)}.",
                "look",
                "Do it, or agree on another date.",
                "What got in the way?",
                effort="minutes",
                records=(head.record,),
            )
    if all(hangs_on_one(task) is False and task.able != 0 for _, task in tasks):
        yield Finding("nobody_alone", "Each task can be done by more than one person.", "good")


# What goes on --------------------------------------------------------------------------------


def going_row(head: Head, c: Continuing, context: Context) -> ContinuingRow:
    """One thing that is to go on, and whether its date has passed."""
    return {
        "record": head.record,
        "name": c.name,
        "type": c.type,
        "rhythm": c.rhythm,
        "owner": c.owner,
        "next": c.next,
        "overdue": c.next is not None and last_day(c.next) < context.as_of,
        "paid_by": c.paid_by,
    }


def going_findings(going: Sequence[tuple[Head, Continuing]], context: Context) -> Iterable[Finding]:
    """Whether people keep a say, whether results are looked at, and who sees to it."""
    for kind, words, step in (
        ("engagement", "how the community keeps a say", "a residents' board, or a yearly day"),
        ("evaluation", "how you will look at what you bring about", "one number, once a year"),
    ):
        if not any(c.type == kind for _, c in going):
            yield Finding(
                f"no_{kind}",
                f"Nothing says {words} in the years to come.",
                "look",
                f"Begin small: {step}, with an owner and a date.",
                "Who would notice if this stopped?",
            )
    for head, c in going:
        if c.next is not None and last_day(c.next) < context.as_of:
            yield Finding(
                "going_overdue",
                f"“{c.name}” was due by {spoken(c.next)}.",
                "look",
                "Hold it, or set the next date.",
                "What got in the way?",
                effort="minutes",
                records=(head.record,),
            )
        elif c.owner is None:
            yield Finding(
                "going_no_owner",
                f"Nobody is named to see to “{c.name}”.",
                "look",
                "Ask who would miss it most.",
                "Who would notice first if it did not happen?",
                effort="minutes",
                records=(head.record,),
            )
