"""The pages of a sitting, as HTML: whatever people typed is escaped by how it is put together."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import segno

from playbook_helpers.drawing.html import Child, Markup, element, joined
from playbook_helpers.worksheet.forms.page import script_json
from playbook_helpers.worksheet.forms.scripts import STATIC, workshop_script
from playbook_helpers.workshop.desk import Desk, build_of, secret_kind, title_of
from playbook_helpers.workshop.sitting import CODE_LENGTH, Person, Sitting

_MAIN = "main"
_OWN = ("join.js", "phone.js", "room.js", "lead.js")


@cache
def assets() -> Mapping[str, tuple[bytes, str]]:
    """The files that pages load, by name: content and type."""
    own = files("playbook_helpers.workshop").joinpath("static")
    script, style = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
    found = {
        "form.css": ((STATIC / "form.css").read_bytes(), style),
        "form.js": (workshop_script().encode(), script),
        "workshop.css": (own.joinpath("workshop.css").read_bytes(), style),
    }
    return found | {name: (own.joinpath(name).read_bytes(), script) for name in _OWN}


@cache
def build() -> str:
    """A short name of what pages are made of: a page that is older bears another."""
    return build_of([content for content, _ in assets().values()])


def style() -> str:
    """The styles of a page that stands alone."""
    return assets()["workshop.css"][0].decode()


def now_at(sitting: Sitting) -> str:
    """The worksheet that the room is at."""
    stem = sitting.steps[sitting.step].stem if sitting.steps else ""
    return stem if stem in sitting.stems else sitting.stems[0]


def _page(
    desk: Desk, title: str, *body: Child, look: str, scripts: Sequence[str] = (), **data: str
) -> str:
    styles = ("form.css", "workshop.css") if "form.js" in scripts else ("workshop.css",)
    root = desk.root
    head = joined(
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        *(element("link", rel="stylesheet", href=f"{root}/static/{name}") for name in styles),
        *(element("script", src=f"{root}/static/{name}", defer=True) for name in scripts),
    )
    page = element(
        "html",
        element("head", head),
        element("body", *body, class_=look, data_root=root, data_build=build(), **data),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{page}"


def told(desk: Desk, words: str) -> str:
    """A page that says one thing."""
    link = element("a", "To the first page", href=f"{desk.root}/", class_="button")
    return _page(
        desk, "Workshop", element("main", element("h1", words), element("p", link)), look="phone"
    )


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


def _button(words: str, **more: Any) -> Markup:
    return element("button", words, type="button", **more)


# On phones -------------------------------------------------------------------------------------


def join(desk: Desk, code: str, person: Person | None) -> str:
    """The first page: code, a name or none; or the way on for whoever is here already."""
    first = f"{desk.root}/w/{now_at(desk.sitting)}"
    slug = desk.sitting.partnership
    title = element("h1", f"Workshop of {desk.name}")
    if person is not None:
        here = f"You are here as {person.name}." if person.name else "You are here, without a name."
        body: list[Child] = [
            title,
            element("p", here, class_="lead"),
            element("p", element("a", "Go to the worksheet", href=first, class_="button main")),
            _way_back(person.words),
            _hand_on(),
        ]
        page = element("main", body)
        return _page(desk, "Workshop", page, look="phone", scripts=("join.js",), data_slug=slug)
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
    words = element(
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
    )
    ask = element(
        "form",
        element("h2", "You have lost them?"),
        _field(
            "The name you joined with",
            "as",
            hint="Whoever leads is asked whether it is you. Wave.",
            autocomplete="off",
        ),
        element("button", "Ask to be let in"),
        id="ask-in",
        novalidate=True,
    )
    summary = element("summary", "I was here before, on another phone or before mine forgot me")
    plain = (
        "What you send goes to the laptop in this room and nowhere else. Anyone who runs this "
        "Wi-Fi could read along. Secret answers bear no name."
    )
    if desk.address.startswith("https:"):
        plain = "What you send goes to whoever holds this workshop. Secret answers bear no name."
    body = [
        title,
        element("p", role="alert", id="said"),
        form,
        element("details", summary, words, ask),
        element("p", plain, class_="hint", id="plain"),
        element("noscript", element("p", "This needs JavaScript, which is switched off here.")),
        element("section", id="joined", hidden=True, tabindex="-1"),
    ]
    return _page(
        desk,
        "Join the workshop",
        element("main", body),
        look="phone",
        scripts=("join.js",),
        data_slug=slug,
    )


def _way_back(words: str) -> Markup:
    return element(
        "p",
        "If your phone goes flat, come back on another with these two words: ",
        element("strong", words, class_="words"),
        class_="once",
    )


def _hand_on() -> Markup:
    return element(
        "section",
        _button("Hand this phone on", id="leave"),
        element(
            "p", "For somebody without one. It starts empty: nothing of yours stays.", class_="hint"
        ),
        element("p", role="status", id="left"),
        class_="hand-on",
    )


def worksheet(desk: Desk, stem: str, person: Person, setup: Mapping[str, Any]) -> str:
    """The form of a worksheet on a phone, under what the room does just now."""
    stems = desk.sitting.stems
    ways = [
        element(
            "li",
            element(
                "a",
                title_of(other),
                href=f"{desk.root}/w/{other}",
                aria_current="page" if other == stem else None,
            ),
        )
        for other in stems
    ]
    call = element(
        "details",
        element("summary", "Call the facilitator"),
        element(
            "form",
            _field(
                "What is it about?",
                "about",
                hint="A few words, or none.",
                maxlength="200",
                autocomplete="off",
            ),
            element("button", "Call the facilitator"),
            id="call",
        ),
        element("p", role="status", id="called"),
        class_="call",
    )
    body = [
        element(
            "header",
            element("p", person.name or "Without a name", class_="brand"),
            element("p", id="clock", class_="clock"),
        ),
        element("nav", element("ul", ways), aria_label="Worksheets") if len(stems) > 1 else None,
        element(
            "main",
            element("h1", f"Workshop of {desk.name}", class_="unseen"),
            element("div", id="step", class_="step", role="status"),
            element("div", id="old", role="alert"),
            element("section", id="vote", aria_label="Vote", hidden=True),
            element("h2", title_of(stem), class_="title"),
            element("p", data_link="", class_="link", role="status"),
            _form(stem, setup),
            element("section", id="sent", aria_label="What you sent", hidden=True),
            element("section", id="ended", tabindex="-1", hidden=True),
            call,
            _way_back(person.words),
            _hand_on(),
        ),
    ]
    return _page(
        desk,
        title_of(stem),
        body,
        look="phone",
        scripts=("form.js", "join.js", "phone.js"),
        data_slug=desk.sitting.partnership,
        data_stem=stem,
    )


def _form(stem: str, setup: Mapping[str, Any]) -> Markup:
    return element(
        "div",
        element("script", Markup(script_json(setup)), type="application/json"),
        class_="playbook pb-form",
        data_playbook_form=stem,
    )


def paper(desk: Desk, stem: str, setup: Mapping[str, Any]) -> str:
    """The form for whoever leads, who types in what was written on paper."""
    words = "Each slip counts once, beside the phones. Nobody is named."
    if not secret_kind(stem):
        words = "What you type here stands beside what phones have sent."
    body = element(
        "main",
        element("p", element("a", "Back to your window", href=f"{desk.root}/lead")),
        element("h1", "From paper"),
        element("h2", title_of(stem)),
        element("p", words, class_="lead"),
        element("p", data_link="", class_="link", role="status"),
        _form(stem, setup),
        element("section", id="sent", aria_label="What you typed", hidden=True),
    )
    return _page(
        desk,
        "From paper",
        body,
        look="phone",
        scripts=("form.js",),
        data_slug=desk.sitting.partnership,
    )


# The room --------------------------------------------------------------------------------------


def kept_back() -> str:
    """What stands in the place of a picture that the room has not been shown."""
    words = (
        "Nothing is shown until the round is closed. After that, nobody can add or change an "
        "answer."
    )
    return element("p", words, class_="empty")


def _code_to_scan(address: str) -> Markup:
    """The join address as a QR code, black on white whatever the colours."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, light="#fff", border=2, omitsize=True
    )
    return Markup(out.getvalue().decode())


def _shown(address: str) -> str:
    parts = urlsplit(address)
    return (parts.netloc + parts.path).rstrip("/")


def _invitation(desk: Desk) -> Markup:
    code = desk.sitting.code
    scan = _code_to_scan(f"{desk.address}j/{code}")
    return joined(
        element("div", scan, class_="qr", aria_hidden="true"),
        element("p", "Point your camera here, or open", class_="hint"),
        element("p", _shown(desk.address), class_="address"),
        element("p", "and type", class_="hint"),
        element("p", code, class_="joincode", translate="no"),
    )


def _steps(sitting: Sitting) -> Markup:
    listed = [
        element("li", f"{number}. {step.title}", data_step=number)
        for number, step in enumerate(sitting.steps, 1)
    ]
    return element("ol", listed, id="steps", class_="steps")


def screen(desk: Desk) -> str:
    """The projected picture, to be read from the back of the room."""
    side = element(
        "aside",
        _invitation(desk),
        element("p", id="light", role="status"),
        element(
            "div",
            element("p", id="count", class_="number"),
            element("p", id="count-of", class_="lead"),
            element("p", id="dots", class_="dots", aria_hidden="true"),
            element("p", id="names", class_="hint"),
            class_="who",
            role="status",
        ),
        aria_label="How to join, and who is here",
    )
    stage = element(
        "main",
        element(
            "div",
            element(
                "div",
                element("p", id="kicker", class_="hint"),
                element("h1", desk.name, id="title"),
            ),
            element(
                "div",
                element("p", id="clock", class_="clock"),
                element("p", id="clock-of"),
                class_="time",
            ),
            class_="top",
        ),
        element("p", id="say", class_="say"),
        element("p", id="what", class_="what"),
        element("div", id="picture", class_="picture", aria_live="polite"),
    )
    bar = element(
        "footer",
        _steps(desk.sitting),
        _button("+5 minutes", data_do="more"),
        _button("Back", data_do="back"),
        _button("Begin", data_do="next", class_=_MAIN, id="next"),
        class_="bar",
    )
    room = element("div", side, stage, bar, class_="room")
    said = element("p", id="said", role="status")
    return _page(desk, f"Workshop of {desk.name}", room, said, look="screen", scripts=("room.js",))


def lead(desk: Desk) -> str:
    """The leader's own window, which is not on the wall."""
    sitting = desk.sitting
    head = element(
        "header",
        element("p", "Your own window", class_="brand"),
        element("p", f"Not on the wall. {desk.name}", class_="hint"),
        element("p", id="light", role="status"),
    )
    step = element(
        "section",
        element(
            "div",
            element(
                "div",
                element("p", id="kicker", class_="hint"),
                element("h1", "Lead the workshop", id="title"),
            ),
            element(
                "div",
                element("p", id="clock", class_="clock"),
                element("p", id="clock-of", class_="hint"),
                _button("+5 minutes", data_do="more"),
                class_="time",
            ),
            class_="top",
        ),
        element("p", id="say", class_="say"),
        element("p", id="what"),
        element("p", id="stuck"),
        aria_label="This step",
    )
    asked = element(
        "section", element("h2", "For you"), element("div", id="for-you"), class_="for-you"
    )
    rounds = element("section", id="rounds", aria_label="Rounds")
    sees = element(
        "section",
        element("h2", "What the room sees"),
        element("div", id="picture", class_="picture small"),
        element(
            "p",
            element("a", "Open the screen", href=f"{desk.root}/screen", target="_blank"),
            " ",
            _button("Blank the screen", id="blank", class_="plain"),
        ),
        element("p", id="count", class_="number"),
        element("p", id="count-of"),
        element("p", id="names", class_="hint"),
        element(
            "p",
            "From paper: ",
            *(
                joined(element("a", title_of(stem), href=f"{desk.root}/paper/{stem}"), " ")
                for stem in sitting.stems
            ),
            class_="papers",
        ),
    )
    notes = element(
        "section",
        element("h2", "Notes"),
        element(
            "p", "Only you see them. They stay on this laptop.", class_="hint", id="notes-hint"
        ),
        element(
            "textarea",
            sitting.notes,
            id="notes",
            rows=4,
            aria_label="Notes",
            aria_describedby="notes-hint",
        ),
        element(
            "label",
            element("input", type="checkbox", id="notes-told", checked=sitting.notes_told),
            " Put them into the report of the day",
            class_="check",
        ),
    )
    body = [
        head,
        element(
            "main",
            element("p", role="status", id="said"),
            element("div", step, asked, _vote_form(), rounds, _decide(), class_="left"),
            element("div", sees, notes, _ways(desk), class_="right"),
            element("section", id="done", hidden=True, tabindex="-1"),
            class_="two",
        ),
        element(
            "footer",
            _steps(sitting),
            _button("Back", data_do="back"),
            _button("Close the round", id="close", hidden=True),
            _button("Begin", data_do="next", class_=_MAIN, id="next"),
            class_="bar",
        ),
    ]
    steps = [
        {"say": one.say, "what": one.what, "stuck": one.stuck, "doing": one.doing}
        for one in sitting.steps
    ]
    data = element(
        "script", Markup(script_json({"steps": steps})), type="application/json", id="all-steps"
    )
    return _page(
        desk, f"Lead: {desk.name}", body, data, look="lead", scripts=("room.js", "lead.js")
    )


def _vote_form() -> Markup:
    """Asking everybody at once: a number from 1 to 5 for each line, or dots."""
    kinds = [
        element(
            "label",
            element("input", type="radio", name="how", value="0", checked=True),
            " A number from 1 to 5",
            class_="check",
        ),
        element(
            "label",
            element("input", type="radio", name="how", value="3"),
            " Three dots each",
            class_="check",
        ),
    ]
    return element(
        "details",
        element("summary", "Let everybody vote at once, or put two side by side"),
        element(
            "form",
            _field(
                "What do you ask?",
                "question",
                value="Which comes first?",
                maxlength="160",
                autocomplete="off",
            ),
            element("fieldset", element("legend", "How?"), kinds),
            element("fieldset", element("legend", "Between what?"), element("div", id="entries")),
            element(
                "div",
                element("label", "More lines, one a line", for_="more-things"),
                element("textarea", id="more-things", rows=2),
                class_="field",
            ),
            element("button", "Open the vote"),
            _button("Put two side by side", id="two"),
            id="ask-room",
        ),
        element("div", id="side-by-side"),
        id="votes-new",
    )


def _decide() -> Markup:
    return element(
        "section",
        element("h2", "What we decided"),
        element("ul", id="decisions"),
        element(
            "details",
            element("summary", "Write down a decision"),
            element(
                "form",
                _field(
                    "What do we see?",
                    "seen",
                    hint="May stay empty.",
                    autocomplete="off",
                    maxlength="300",
                ),
                _field(
                    "Why might that be?",
                    "why",
                    hint="May stay empty.",
                    autocomplete="off",
                    maxlength="200",
                ),
                _field("What do we do?", "decided", autocomplete="off", maxlength="300"),
                _field(
                    "Who sees to it?",
                    "who",
                    hint="A role, not the name of a person.",
                    autocomplete="off",
                    maxlength="300",
                ),
                _field(
                    "By when?",
                    "by",
                    hint="2027, March 2027 or 2027-03-15",
                    autocomplete="off",
                    maxlength="60",
                ),
                element("button", "Keep this decision"),
                id="decide",
                novalidate=True,
            ),
            id="decide-new",
        ),
        aria_label="Decisions",
    )


def _ways(desk: Desk) -> Markup:
    return element(
        "section",
        element("h2", "The way in"),
        element(
            "p",
            element("b", _shown(desk.address)),
            " and type ",
            element("b", desk.sitting.code, translate="no"),
        ),
        element(
            "p",
            element(
                "a", "Get the room ready, or no phone gets through", href=f"{desk.root}/invite"
            ),
        ),
        element("p", _button("End the workshop", id="end")),
    )


def invite(desk: Desk) -> str:
    """Getting the room ready: the way in, a light, and four ways out when no phone gets through."""
    code = desk.sitting.code
    port = urlsplit(desk.address).port or 80
    now_here = (
        f"Join the Wi-Fi that this laptop is on, then open {desk.address} and type {code}. You "
        "need "
        "no app and no account, and no name if you would rather not give one."
    )
    before = (
        "Please bring a phone with a full battery. You need no app and no account, and no name if "
        "you would rather not give one. There is paper too. What you send stays on the laptop in "
        "the room."
    )
    left = [
        element("h2", "1. Tell people how to join"),
        element(
            "p", "For the invitation. No address in it: that may change on the day.", class_="hint"
        ),
        element("blockquote", before),
        element("p", "For those who are here now:", class_="hint"),
        element("blockquote", now_here),
        element("h2", "2. Try it with your own phone"),
        element(
            "p",
            "Put it on the Wi-Fi that people will use, and point it at the square. The light says "
            "when it gets through.",
        ),
        _help(port),
    ]
    others = [element("li", _button(_shown(other), data_address=other)) for other in desk.others]
    right = [
        _invitation(desk),
        element("p", "No phone has got through yet.", id="light", role="status"),
        element("p", id="said", role="status"),
        element(
            "p",
            element(
                "a",
                "Put it on the screen",
                href=f"{desk.root}/screen",
                target="_blank",
                class_="button main",
            ),
        ),
        others
        and element(
            "details",
            element("summary", "Another address of this computer"),
            element(
                "p",
                "The one above is the likeliest. Press another, and the square leads there.",
                class_="hint",
            ),
            element("ul", others),
        ),
        not desk.others
        and desk.address.startswith("http://127.")
        and element(
            "p",
            "This computer is on no network. Join the Wi-Fi that people will use, or make a "
            "hotspot, then start the workshop again.",
            class_="act",
        ),
        desk.address.startswith("http:")
        and element(
            "p",
            "Told once: this is plain http. On a Wi-Fi that others use, somebody with skill could "
            "read along. For answers that must stay secret, use a hotspot of your own, or paper.",
            class_="once",
        ),
    ]
    body = [
        element("header", element("p", "Nobody sees this page but you", class_="brand")),
        element(
            "main",
            element("div", element("h1", "Get the room ready"), left, class_="left"),
            element("div", right, class_="right"),
            class_="two",
        ),
        element(
            "footer",
            element("a", "To your own window", href=f"{desk.root}/lead", class_="button"),
            class_="bar",
        ),
    ]
    return _page(desk, "Get the room ready", body, look="lead invite", scripts=("room.js",))


def _help(port: int) -> Markup:
    rows = (
        (
            "1. Is it the same Wi-Fi?",
            "Phone and this computer have to be on one network. Switch off the phone’s mobile data "
            "and VPN, and type http:// before the address.",
            (),
        ),
        (
            "2. Let this computer answer",
            "The firewall asks once and remembers a “no”.",
            (
                "Windows: Settings, Privacy and security, Windows Security, Firewall, Allow an "
                "app: tick Python under Private.",
                "macOS: System Settings, Network, Firewall, Options: allow incoming for Python.",
                f"Linux: sudo ufw allow {port}/tcp, or the same in firewalld.",
            ),
        ),
        (
            "3. This Wi-Fi keeps devices apart",
            "Usual in libraries, schools and hotels: each device reaches the internet, but not its "
            "neighbour. No setting of yours changes that. Make a network of your own:",
            (
                "Windows: Settings, Network, Mobile hotspot: on. Up to 8 phones.",
                "A phone: its hotspot on, and this computer joins it. 5 to 10 phones, and hardly "
                "any data.",
                "A router: any old one, without internet, for a whole room.",
            ),
        ),
        (
            "4. Use paper",
            "Print blank forms from the guide, and type in what people wrote: “From paper” in your "
            "window. Hands and slips count like phones.",
            (),
        ),
    )
    return element(
        "details",
        element("summary", "No phone gets through? Four ways out, the quickest first"),
        (
            joined(
                element("h3", title),
                element("p", words),
                points and element("ul", (element("li", one) for one in points)),
            )
            for title, words, points in rows
        ),
    )


__all__ = [
    "assets",
    "build",
    "invite",
    "join",
    "kept_back",
    "lead",
    "now_at",
    "paper",
    "screen",
    "style",
    "title_of",
    "told",
    "worksheet",
]
