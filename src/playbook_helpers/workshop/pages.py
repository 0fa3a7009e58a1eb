"""The pages of a sitting, as HTML: whatever people typed is escaped by how it is put together."""

from __future__ import annotations

import hmac
import io
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import segno

from playbook_helpers.drawing.html import Child, Markup, element, joined
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.worksheet.forms.page import script_json
from playbook_helpers.worksheet.forms.scripts import STATIC, workshop_script
from playbook_helpers.workshop.sitting import CODE_LENGTH, Person, Sitting

_MAIN = "main"


def same(given: str, wanted: str) -> bool:
    """Whether two texts are the same, told in a time that does not say where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


@cache
def assets() -> Mapping[str, tuple[bytes, str]]:
    """The files that pages load, by name: content and type."""
    own = files("playbook_helpers.workshop").joinpath("static")
    script, style = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
    return {
        "form.css": ((STATIC / "form.css").read_bytes(), style),
        "form.js": (workshop_script().encode(), script),
        "workshop.css": (own.joinpath("workshop.css").read_bytes(), style),
        "join.js": (own.joinpath("join.js").read_bytes(), script),
        "phone.js": (own.joinpath("phone.js").read_bytes(), script),
        "room.js": (own.joinpath("room.js").read_bytes(), script),
    }


def _page(title: str, *body: Child, look: str, scripts: Sequence[str] = ()) -> str:
    styles = ("form.css", "workshop.css")
    head = joined(
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        *(element("link", rel="stylesheet", href=f"/static/{name}") for name in styles),
        *(element("script", src=f"/static/{name}", defer=True) for name in scripts),
    )
    page = element("html", element("head", head), element("body", *body, class_=look), lang="en")
    return f"<!DOCTYPE html>\n{page}"


def told(words: str) -> str:
    """A page that says one thing."""
    body = element(
        "main",
        element("h1", words),
        element("p", element("a", "To the first page", href="/", class_="button")),
    )
    return _page("Workshop", body, look="phone")


def _field(label: str, name: str, *, hint: str = "", value: str = "", **more: Any) -> Markup:
    told_in = f"{name}-hint"
    return element(
        "div",
        element("label", label, for_=name),
        element("p", hint, id=told_in, class_="hint"),
        element(
            "input", id=name, name=name, value=value, aria_describedby=told_in, type="text", **more
        ),
        class_="field",
    )


def join(name: str, code: str, stems: Sequence[str], person: Person | None) -> str:
    """The first page: code, a name or none; or the way on for whoever is here already."""
    first = f"/w/{stems[0]}"
    if person is not None:
        here = f"You are here as {person.name}." if person.name else "You are here, without a name."
        body: Child = [
            element("h1", f"Workshop of {name}"),
            element("p", here, class_="lead"),
            element("p", element("a", "Go to the worksheet", href=first, class_="button main")),
            _way_back(person.words),
            element("button", "Hand this phone on", type="button", id="leave"),
            element("p", "The next person joins anew, and sees nothing of yours.", class_="hint"),
            element("p", role="status", id="said"),
        ]
        return _page("Workshop", element("main", body), look="phone", scripts=("join.js",))
    form = element(
        "form",
        _field(
            "Code on the screen",
            "code",
            hint=f"{CODE_LENGTH} letters",
            value=code,
            autocomplete="off",
            autocapitalize="characters",
            spellcheck="false",
            maxlength="12",
            class_="code",
            required=True,
        ),
        _field(
            "Your name",
            "name",
            hint="As others know you, or leave it empty: you can take part without one.",
            autocomplete="off",
            maxlength="60",
        ),
        element("button", "Join the workshop", class_=_MAIN),
        id="join",
        novalidate=True,
    )
    back = element(
        "details",
        element("summary", "I was here before, on another phone or before mine forgot me"),
        element(
            "form",
            _field(
                "Your two words",
                "words",
                hint="They were shown to you when you joined.",
                autocomplete="off",
                autocapitalize="none",
            ),
            element("button", "Come back"),
            id="back",
            novalidate=True,
        ),
    )
    plain = (
        "What you send goes to the laptop in this room, over this Wi-Fi and unencrypted: write "
        "nothing here that the room may not know. Secret answers bear no name."
    )
    body = [
        element("h1", f"Workshop of {name}"),
        element("p", role="alert", id="said"),
        form,
        back,
        element("p", plain, class_="hint", id="plain"),
        element("noscript", element("p", "This needs JavaScript, which is switched off here.")),
        element("section", id="joined", hidden=True, tabindex="-1"),
    ]
    return _page("Join the workshop", element("main", body), look="phone", scripts=("join.js",))


def _way_back(words: str) -> Markup:
    return element(
        "p",
        "To come back on another phone, keep these two words: ",
        element("strong", words, class_="words"),
        class_="once",
    )


def worksheet(
    name: str, stem: str, stems: Sequence[str], person: Person, setup: Mapping[str, Any]
) -> str:
    """The form of a worksheet on a phone, under what the room does just now."""
    title = practice_named(stem).title
    ways = [
        element(
            "li",
            element(
                "a",
                practice_named(other).title,
                href=f"/w/{other}",
                aria_current="page" if other == stem else None,
            ),
        )
        for other in stems
    ]
    form = element(
        "div",
        element("script", Markup(script_json(setup)), type="application/json"),
        class_="playbook pb-form",
        data_playbook_form=stem,
    )
    body = [
        element(
            "header",
            element("h1", name, class_="brand"),
            element("p", f"As {person.name}" if person.name else "Without a name", class_="hint"),
        ),
        element("nav", element("ul", ways), aria_label="Worksheets") if len(stems) > 1 else None,
        element(
            "main",
            element("div", id="step", class_="step", role="status"),
            element("h2", title),
            element("p", data_link="", class_="link", role="status"),
            element("p", id="news", class_="news", role="status"),
            form,
            _way_back(person.words),
            element("p", element("a", "This phone goes to someone else", href="/")),
        ),
    ]
    return _page(title, body, look="phone", scripts=("form.js", "phone.js"))


def kept_back() -> str:
    """What stands in the place of a picture that the room has not been shown."""
    return element(
        "p",
        "Answered in secret. The picture is shown once the round is closed and whoever leads "
        "shows it.",
        class_="lead",
    )


def _code_to_scan(address: str) -> Markup:
    """The join address as a QR code, black on white whatever the colours."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, light="#fff", border=2, omitsize=True
    )
    return Markup(out.getvalue().decode())


def _invitation(address: str, sitting: Sitting) -> Markup:
    return element(
        "section",
        element(
            "div", _code_to_scan(f"{address}j/{sitting.code}"), class_="qr", aria_hidden="true"
        ),
        element(
            "div",
            element("p", "Scan this, or open", class_="hint"),
            element("p", address.removeprefix("http://").rstrip("/"), class_="address"),
            element("p", "and type the code", class_="hint"),
            element("p", sitting.code, class_="joincode", translate="no"),
            element("p", "No phone has got through yet.", id="light", role="status"),
        ),
        class_="invitation",
        aria_label="How to join",
    )


def _pictures(sitting: Sitting) -> Markup:
    return joined(
        element(
            "section",
            element("h2", practice_named(stem).title),
            element("p", class_="count", data_count=stem),
            element("div", data_picture=stem, class_="picture"),
        )
        for stem in sitting.stems
    )


def screen(name: str, address: str, sitting: Sitting) -> str:
    """The projected picture, to be read from the back of the room."""
    body = [
        element(
            "header",
            element("p", name, class_="brand"),
            element("p", id="people", role="status"),
            element("p", id="clock", class_="clock", role="timer"),
        ),
        element("main", element("div", id="step", class_="step"), _pictures(sitting)),
        _invitation(address, sitting),
    ]
    page = element("div", body, data_room="screen", class_="room")
    return _page(f"Workshop of {name}", page, look="screen", scripts=("room.js",))


def lead(name: str, address: str, sitting: Sitting) -> str:
    """The leader's own window, which is not on the wall."""
    step = element(
        "ol",
        (
            element(
                "li",
                element("h3", f"{one.title} ({one.minutes} minutes)"),
                element("p", one.what),
                element("p", f"Say: “{one.say}”", class_="say") if one.say else None,
                element("p", f"If it goes wrong: {one.stuck}") if one.stuck else None,
            )
            for one in sitting.steps
        ),
        id="steps",
    )
    bar = element(
        "div",
        element("button", "Back", type="button", data_do="back"),
        element("button", "+5 minutes", type="button", data_do="more"),
        element("button", "Begin", type="button", data_do="next", class_=_MAIN, id="next"),
        class_="bar",
    )
    secret = element("div", id="rounds")
    body = [
        element(
            "header",
            element("p", name, class_="brand"),
            element("p", "Not on the wall", class_="hint"),
            element("p", id="people", role="status"),
            element("p", id="clock", class_="clock", role="timer"),
        ),
        element(
            "main",
            element("h1", "Lead the workshop"),
            element("p", role="status", id="said"),
            element("div", id="step", class_="step"),
            secret,
            element("details", element("summary", "All steps, with what to say"), step),
            element("p", element("a", "Open the big screen", href="/screen", target="_blank")),
            _invitation(address, sitting),
        ),
        bar,
    ]
    page = element("div", body, data_room="lead", class_="room")
    return _page(f"Lead: {name}", page, look="lead", scripts=("room.js",))
