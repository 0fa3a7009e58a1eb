"""The browser itself: words from right to left leave the order of a sentence as it was written."""

from __future__ import annotations

from playwright.sync_api import Page

from playbook_helpers.core.bidi import isolated

HEBREW, ARABIC = "\u05e7\u05e8\u05d9\u05d0\u05d4", "\u0642\u0631\u0627\u0621\u0629"


def test_the_order_of_a_sentence_stays_as_it_was_written(page: Page) -> None:
    sentence = f"<p>From <i>{HEBREW}</i> 7 and <i>{ARABIC}</i> 8</p>"
    plain = f"<p>Goals: “{HEBREW}” 7, “{ARABIC}” 8 late</p>"
    where = """() => {
        const text = document.querySelector('p');
        const found = [];
        const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
        while (walk.nextNode())
            for (const [place, sign] of [...walk.currentNode.data].entries())
                if ('78\\u05e7\\u0642'.includes(sign)) {
                    const range = document.createRange();
                    range.setStart(walk.currentNode, place);
                    range.setEnd(walk.currentNode, place + 1);
                    found.push([sign, range.getBoundingClientRect().left]);
                }
        return found;
    }"""
    page.set_content(plain)
    turned = [left for _, left in page.evaluate(where)]
    assert turned != sorted(turned), "without setting apart the browser turns it round"
    for html in (isolated(plain), isolated(sentence)):
        page.set_content(html)
        places = [left for _, left in page.evaluate(where)]
        assert places == sorted(places)
