"""The review application on a house: its ports are chosen here, as the house's are in `flows.wiring`."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from socket import socket

import uvicorn
from fastapi import FastAPI

from dashboards.app import create_app
from detectors.explain import FacePictures
from flows.standing import standings
from flows.wiring import House, SpiderPlatforms, now


def dashboard(house: House) -> FastAPI:
    """The review application. It lives no longer than the house."""
    return create_app(
        record=house.record,
        blobs=house.blobs,
        index=house.index,
        pictures=FacePictures(max_pixels=house.settings.detect.max_pixels),
        platforms=SpiderPlatforms(),
        settings=house.settings,
        clock=now,
        advise=partial(house.advice, is_quick=True),
        connectors=lambda: [standing.connector for standing in standings(house, now())],
    )


class _Server(uvicorn.Server):
    """Says where it serves, once it does: port 0 is a free one."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[str], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _, port, *_ = self.servers[0].sockets[0].getsockname()
            self._tell(f"The dashboard is at http://{self.config.host}:{port}/. Ctrl-C ends it.")


def serve(house: House, *, tell: Callable[[str], None], port: int | None = None) -> None:
    """Serve the dashboard until Ctrl-C, on `port` in place of the settings' one; `tell` is told where, once it answers."""
    settings = house.settings.dashboard
    chosen = settings.port if port is None else port
    config = uvicorn.Config(dashboard(house), host=settings.host, port=chosen, log_level="warning", server_header=False)
    with suppress(KeyboardInterrupt):
        _Server(config, tell).run()
