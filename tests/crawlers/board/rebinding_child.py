"""The tests' child in a world in which `rebinding.example` is at 127.0.0.9 when first asked for, and at 127.0.0.1 ever after."""

import runpy
from pathlib import Path
from typing import Any

from twisted.internet import asyncioreactor

asyncioreactor.install()

from twisted.internet import reactor  # noqa: E402 - only now there is one
from twisted.internet.address import IPv4Address  # noqa: E402

real = reactor.nameResolver


class Rebinding:
    asked = 0

    def resolveHostName(self, receiver: Any, host: str, port: int = 0, *rest: Any) -> Any:
        if host != "rebinding.example":
            return real.resolveHostName(receiver, host, port, *rest)
        self.asked += 1
        receiver.resolutionBegan(self)
        receiver.addressResolved(IPv4Address("TCP", "127.0.0.9" if self.asked == 1 else "127.0.0.1", port))
        receiver.resolutionComplete()
        return self


reactor.installNameResolver(Rebinding())
runpy.run_path(str(Path(__file__).with_name("child.py")), run_name="__main__")
