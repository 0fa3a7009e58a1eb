"""The gate before a story: whether its teller's consent holds, where and until when.

Consent is a process and can be taken back. Wherever a story could leave (export, report, site,
progress report), this is asked, and the answer is no unless everything holds.
"""

from __future__ import annotations

from datetime import date

from playbook_helpers.practices.communication.records import Scope, Story
from playbook_helpers.whens import last_day

_ORDER: tuple[Scope, ...] = ("inside", "funders", "public")


def consent_problem(story: Story, scope: Scope, on: date) -> str:
    """Why the story may not be told in `scope` on that day; empty where it may.

    >>> told = Story(name="A", consent=True, scope="funders", reviewed=True, expires="2027-06")
    >>> consent_problem(told, "funders", date(2027, 1, 1))
    ''
    >>> consent_problem(told, "public", date(2027, 1, 1))
    'the teller has agreed to a smaller circle'
    >>> consent_problem(told, "inside", date(2027, 7, 1))
    'the consent ended with June 2027'
    """
    if story.withdrawn:
        return "the teller has taken the consent back"
    if not story.consent:
        return "the teller has not agreed"
    if story.minor and not story.guardian:
        return "the teller is under age and no parent or guardian has agreed"
    if story.scope is None:
        return "nothing says where it may be told"
    if _ORDER.index(scope) > _ORDER.index(story.scope):
        return "the teller has agreed to a smaller circle"
    if story.expires is not None and last_day(story.expires) < on:
        return f"the consent ended with {last_day(story.expires):%B %Y}"
    if not story.reviewed:
        return "the teller has not read or heard this version"
    return ""


def may_be_told(story: Story, scope: Scope, on: date) -> bool:
    """Whether the story may be told in `scope` on that day."""
    return not consent_problem(story, scope, on)
