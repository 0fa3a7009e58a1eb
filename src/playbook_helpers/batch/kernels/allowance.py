"""How much a notebook may print and show, and the words where more was cut off.

A loop that prints without end would else fill the memory of whoever runs it, the notebook's file,
and the page that is made of it.
"""

from __future__ import annotations

from typing import Any

_SHOWN = ("display_data", "execute_result", "update_display_data")
_FAILED_KEPT = 1000
"""Characters kept of an error whose text alone is more than may be shown."""


class Allowance:
    """What one notebook may still print and show, in bytes; `most` = 0 is no limit.

    >>> allowance = Allowance(5)
    >>> print(allowance.cut("first"), allowance.passed)
    first False
    >>> print(allowance.cut("second").strip())
    [Cut off here: a notebook may print and show 0 MB. To allow more, use --output-limit.]
    >>> allowance.cut("third"), allowance.passed
    ('', True)
    """

    def __init__(self, most: int = 0) -> None:
        self.most = most
        self.left = most
        self.passed = False
        self._told = False

    def begin(self) -> None:
        """A cell begins: what is cut off in it is said in it."""
        self._told = False

    def cut(self, text: str) -> str:
        """As much of a text as may still be shown, with the words for what is left out."""
        if not self.most or not text:
            return text
        data = text.encode("utf-8", "surrogatepass")
        if self._fits(len(data)):
            return text
        kept = data[: self.left].decode("utf-8", "ignore")
        self.left = 0
        return kept + self._said(kept)

    def kept(self, text: str, waiting: int = 0) -> str:
        """As much of a text as is worth keeping until it is sent, after `waiting` characters.

        One character more than may be shown, so that what is cut off is said.

        >>> Allowance(5).kept("seven or more"), Allowance(5).kept("seven", 9), Allowance().kept("7")
        ('seven ', '', '7')
        """
        return text[: max(0, self.left + 1 - waiting)] if self.most else text

    def message(self, kind: str, content: Any, size: int) -> Any:
        """The content of a kernel's message as it may be sent; None if it may not.

        `size` is its bytes; of a stream's text those of the text count.
        """
        if kind == "stream":
            text = self.cut(content["text"])
            return content | {"text": text} if text else None
        if not self.most or self._fits(size):
            return content
        if kind in _SHOWN:
            said = self._said("").strip()
            return content | {"data": {"text/plain": said}, "metadata": {}} if said else None
        if content.get("ename"):  # of an error, and of the reply that tells of it
            short = {name: str(content[name])[:_FAILED_KEPT] for name in ("ename", "evalue")}
            lines = content.get("traceback", ())
            kept = [str(line)[:_FAILED_KEPT] for line in lines[-3:]]
            return content | short | {"traceback": kept}
        return None if kind.startswith("comm_") else content

    def _fits(self, size: int) -> bool:
        if size > self.left:
            self.passed = True
            return False
        self.left -= size
        return True

    def _said(self, before: str) -> str:
        """The words, once a cell."""
        if self._told:
            return ""
        self._told = True
        start = "" if before.endswith("\n") else "\n"
        return f"{start}[{too_much(self.most, 'Cut off here: a notebook may print and show')}]\n"


def too_much(most: int, words: str) -> str:
    """What is said of a notebook that printed more than it may."""
    return f"{words} {most / 1e6:,.0f} MB. To allow more, use --output-limit."
