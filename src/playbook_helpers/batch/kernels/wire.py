"""Messages of a kernel that has no sockets: caught as they are sent, made JSON, handed on.

Every message goes through JSON once, as it would on its way through a socket, so that what a
notebook keeps is what it would keep anywhere else: tuples become lists, numbers' keys text, and
nothing that a cell changes later can change an output that was shown.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from jupyter_client.session import Session
from traitlets import Any as AnyTrait
from traitlets import Instance, Integer

from playbook_helpers.batch.kernels.allowance import Allowance

Message = dict[str, Any]
UNUSED_KEY = secrets.token_bytes(16)
"""For sessions whose messages stay between a process and its fork, and are never signed: without
one, each would warn on the terminal that messages which go over a network could be forged."""
Deliver = Callable[[str, Message, bytes], None]
"""A function that takes (channel, message after its way through JSON, its packed content)."""

_COUNTED = (
    "stream",
    "display_data",
    "execute_result",
    "update_display_data",
    "error",
    "execute_reply",
)
"""Messages that count as output, beside those of widgets."""
_SAID = ("stream", "error", "execute_reply")
"""Messages of a cell's own words: these it may not fail for."""


class CatchingSession(Session):
    """A session whose `send` hands each message to `deliver` instead of to a socket.

    `stream` is only looked at for the channel: None is the shell's reply, all else is iopub.
    """

    deliver = AnyTrait()
    owner = Integer(0)
    """The notebook's own process; 0 before there is one."""
    allowance = Instance(Allowance, ())

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Message:
        """Catch one message; the message as it was made."""
        if isinstance(msg_or_type, Mapping):
            message = dict(msg_or_type)
            buffers = buffers or message.get("buffers", [])
        else:
            message = self.msg(msg_or_type, content, parent, header, metadata)
        if self.owner and os.getpid() != self.owner:
            # A process that a cell forked: what it prints goes out past Python, the rest nowhere.
            if message["msg_type"] == "stream":
                number = 1 if message["content"]["name"] == "stdout" else 2
                write_all(number, writable(message["content"]["text"]).encode())
            return message
        held = [_buffer(each) for each in buffers or ()]
        try:
            packed = self.pack(message["content"])
        except UnicodeEncodeError:
            if message["msg_type"] not in _SAID:
                raise  # in the cell that shows it
            message["content"] = writable(message["content"])
            packed = self.pack(message["content"])
        kind = message["msg_type"]
        if kind in _COUNTED or kind.startswith("comm_"):
            size = len(packed) + sum(map(len, held))
            allowed = self.allowance.message(kind, message["content"], size)
            if allowed is None:
                return message
            if allowed is not message["content"]:
                packed, held = self.pack(allowed), []
        caught = message | {"content": self.unpack(packed), "buffers": held}
        self.deliver("shell" if stream is None else "iopub", caught, packed)
        return message


def writable(value: Any) -> Any:
    r"""Text, alone or in lists and objects, as UTF-8 can hold it: half a character is spelled out.

    >>> print(writable("half \ud83d"))
    half \ud83d
    """
    if isinstance(value, str):
        return value.encode("utf8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {name: writable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [writable(each) for each in value]
    return value


def _buffer(buffer: Any) -> bytes:
    try:
        view = memoryview(buffer)
    except TypeError as error:
        raise TypeError("Buffer objects must support the buffer protocol.") from error
    if not view.contiguous:
        raise ValueError(f"Buffer ({buffer!r}) is not contiguous")
    return view.tobytes()


def line(channel: str, message: Message, packed: bytes) -> bytes:
    """A message as one line of JSON; `packed` is its content, which is not packed again."""
    header = message["header"]
    head = [
        channel,
        header["msg_type"],
        _moment(header.get("date")),
        header["msg_id"],
        message["parent_header"].get("msg_id", ""),
        message.get("metadata") or {},
        [base64.b64encode(each).decode() for each in message.get("buffers") or ()],
    ]
    told = json.dumps(head, default=str)
    return told[:-1].encode() + b", " + packed + b"]\n"


def read_line(text: bytes) -> tuple[str, Message]:
    """(channel, message) of a line that `line` made."""
    channel, kind, moment, msg_id, parent, metadata, buffers, content = json.loads(
        text.decode("utf8", "replace")
    )
    header = {
        "msg_id": msg_id,
        "msg_type": kind,
        "date": datetime.fromisoformat(moment) if moment else None,
    }
    return channel, {
        "header": header,
        "msg_id": msg_id,
        "msg_type": kind,
        "parent_header": {"msg_id": parent} if parent else {},
        "metadata": metadata,
        "content": content,
        "buffers": [base64.b64decode(each) for each in buffers],
    }


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`; a pipe or a full disk may take it in parts."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _moment(date: Any) -> str:
    return date.isoformat() if isinstance(date, datetime) else str(date or "")
