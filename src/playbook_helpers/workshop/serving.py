"""Serving a sitting: the addresses of this computer, and the process that answers on them."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import signal
import socket
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import uvicorn

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.storage.database import Store
from playbook_helpers.workshop.desk import Desk
from playbook_helpers.workshop.ending import export_day
from playbook_helpers.workshop.pages import style
from playbook_helpers.workshop.server import workshop_app
from playbook_helpers.workshop.sitting import Sitting

GRACE = 2
"""Seconds that replies under way are given at the end."""


def addresses() -> list[str]:
    """The IPv4 addresses of this computer that others may reach, the likeliest first."""
    found = []
    up = psutil.net_if_stats()
    for name, held in psutil.net_if_addrs().items():
        for one in held:
            if one.family is not socket.AF_INET or (name in up and not up[name].isup):
                continue
            address = ipaddress.ip_address(one.address)
            if not address.is_loopback and not address.is_link_local:
                found.append((_unlikely(name), not address.is_private, name, one.address))
    return [address for *_, address in sorted(found)]


def _unlikely(name: str) -> bool:
    """Whether an interface is one that only programs on this computer use."""
    return name.lower().startswith(
        ("docker", "br-", "veth", "virbr", "vmnet", "vbox", "tun", "tap")
    )


@dataclass(slots=True)
class WorkshopServer:
    """A server that listens already. `run` answers until SIGINT or SIGTERM."""

    address: str
    """Where phones join, with a slash at its end."""
    here: str
    """The same on this computer."""
    desk: Desk
    _listening: socket.socket
    _app: object
    _proxies: tuple[str, ...] = ()

    def run(self) -> None:
        """Answer until told to end; then commit what waits."""
        config = uvicorn.Config(
            self._app,  # type: ignore[arg-type]
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=bool(self._proxies),
            forwarded_allow_ips=list(self._proxies),
            timeout_graceful_shutdown=GRACE,
        )
        server = _Ending(config, self.desk)
        before = {sign: signal.signal(sign, _heard) for sign in (signal.SIGINT, signal.SIGTERM)}
        try:
            server.run(sockets=[self._listening])
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)
            self.desk.writer.close()


class _Ending(uvicorn.Server):
    """Tells streams first that it ends: they would keep it waiting."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._desk.ending = True
        self._desk.bump()
        await asyncio.sleep(0)
        await super().shutdown(sockets)


def _heard(number: int, frame: object) -> None:
    """uvicorn has ended orderly by then, and raises the signal once more."""


def server_for(
    sitting: Sitting,
    store: Store,
    *,
    port: int,
    address: str = "",
    public_url: str = "",
    found: Collection[str] | None = None,
    proxies: Collection[str] = (),
    place: Path,
) -> WorkshopServer:
    """A server for a sitting on `address` (all if empty) at `port`, or the next free one of twenty.

    `public_url` is where phones reach it by another name; what a reverse proxy says of a request
    is believed where it comes from one of `proxies`. What the end exports goes under `place`.
    Raises InputError if no port is free.
    """
    listening = _listen(address, port)
    bound = listening.getsockname()[1]
    own = list(addresses() if found is None else found)
    if address and address not in ("0.0.0.0", "127.0.0.1"):  # noqa: S104 - compared only
        own = [address]
    first = own[0] if own and address != "127.0.0.1" else "127.0.0.1"
    join = public_url.rstrip("/") + "/" if public_url else f"http://{first}:{bound}/"
    public = urlsplit(join).hostname
    if not public:
        listening.close()
        raise InputError(
            "The public address is not one", value=public_url, allowed="https://workshop.example"
        )
    hosts = {"localhost", "127.0.0.1", public, *own, socket.gethostname()}
    others = () if public_url else [f"http://{one}:{bound}/" for one in own if one != first]
    name = _name_of(store, sitting.partnership)
    app, desk = workshop_app(
        sitting,
        store,
        hosts=hosts,
        address=join,
        name=name,
        others=others,
        end=lambda: export_day(store, sitting, name, place, style()),
    )
    here = address if address and address != "0.0.0.0" else "127.0.0.1"  # noqa: S104
    at = join if public_url else f"http://{here}:{bound}/"
    return WorkshopServer(join, at, desk, listening, app, tuple(proxies))


def _listen(address: str, port: int) -> socket.socket:
    # The port that was asked for first of all, and again: a server that was just killed had it, and
    # phones know it.
    wanted = [port] * 15 + list(range(port + 1, min(port + 20, 65_536))) if port else [0]
    for place, candidate in enumerate(wanted):
        try:
            return socket.create_server((address, candidate), backlog=400)
        except OSError as error:
            if place < 14:
                time.sleep(0.1)
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise InputError(
                    "The workshop cannot listen on this address",
                    value=address,
                    allowed="an address of this computer: 0.0.0.0 is all of them",
                ) from error
    raise InputError(
        "No free port was found", value=port, allowed="another port: --port 9000, or --port 0"
    )


def _name_of(store: Store, slug: str) -> str:
    heads = store.heads(slug, kind=Partnership.kind)
    return next((str(h.payload["name"]) for h in heads if h.value is not None), slug)
