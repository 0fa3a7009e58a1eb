"""No connection holds the server up: each has its time, and there are only so many."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.responses import FileResponse, PlainTextResponse, Response

from playbook_helpers.publish.site.connections import limited

HELLO = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def serve_limited() -> Iterator[Callable[..., int]]:
    """serve_limited(body, ask_within=..., ...) -> the port of an application under those limits."""
    ended: list[Callable[[], None]] = []

    def start(reply: Response | None = None, **limits: float) -> int:
        reply = reply or PlainTextResponse("hello")
        app, protocol = limited(reply, **limits)  # type: ignore[arg-type]
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(
                app, http=protocol, ws="none", lifespan="off", log_level="critical",
                timeout_keep_alive=60, timeout_graceful_shutdown=1,
            )
        )  # fmt: skip
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()

        def end() -> None:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()

        ended.append(end)
        return int(listening.getsockname()[1])

    yield start
    for end in ended:
        end()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def answered(connection: socket.socket) -> bool:
    """Whether a question is answered to the end; False where the connection is cut."""
    said = b""
    try:
        connection.sendall(HELLO)
        while not said.endswith(b"hello"):
            piece = connection.recv(65_536)
            if not piece:
                return False
            said += piece
    except ConnectionError:
        return False
    return True


def is_over(connection: socket.socket) -> bool:
    """Whether one more letter cannot be sent."""
    try:
        connection.sendall(b"G")
    except ConnectionError:
        return True
    return False


def is_cut(connection: socket.socket) -> bool:
    """Whether the other side ends the connection, within the socket's own time."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


def test_one_that_never_asks_is_cut(serve_limited: Callable[..., int]) -> None:
    with connect(serve_limited(ask_within=0.3)) as silent:
        assert is_cut(silent)


def test_one_that_drips_its_question_is_cut(serve_limited: Callable[..., int]) -> None:
    with connect(serve_limited(ask_within=0.5)) as slow:
        begun = time.monotonic()
        while not is_over(slow):
            time.sleep(0.02)
            assert time.monotonic() - begun < 15


def test_one_that_asked_has_its_time_again_after_each_reply(
    serve_limited: Callable[..., int],
) -> None:
    with connect(serve_limited(ask_within=1.5)) as kept:
        for _ in range(5):  # 2.5 s together, each well within its own time
            assert answered(kept)
            time.sleep(0.5)
        assert is_cut(kept)


def test_one_that_does_not_take_its_reply_is_cut(
    serve_limited: Callable[..., int], tmp_path: Path
) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(b"x" * 50_000_000)
    with connect(serve_limited(FileResponse(large), take_within=0.5)) as unread:
        unread.sendall(HELLO)
        time.sleep(1.5)
        got = 0
        try:
            while piece := unread.recv(1_000_000):
                got += len(piece)
        except ConnectionResetError:
            pass
        assert got < 50_000_000


def test_there_are_only_so_many_and_room_comes_back(serve_limited: Callable[..., int]) -> None:
    port = serve_limited(ask_within=60.0, most=3)
    some = [connect(port) for _ in range(3)]
    for one in some:
        assert answered(one)
    with connect(port) as fourth:
        assert is_cut(fourth)
    some.pop().close()
    end = time.monotonic() + 10
    came_in = False
    while not came_in:
        assert time.monotonic() < end
        with connect(port) as fifth:
            came_in = answered(fifth)
    for one in some:
        one.close()
