"""
What a process that looks at hostile media calls: limits on itself first, then one asset at a time.

The limits hold for the process and its children for good, and are the kernel's: memory (RLIMIT_AS), no core dumps that would
spill media on the disk, and no network, by a seccomp filter that refuses every new socket. The filter needs no privileges and
holds in containers. Where the kernel has none (not Linux, or another processor), `limit` says so, and what is left
is that decoders are given bytes in memory, demuxers by name, and no protocol.
"""

import ctypes
import platform
import resource
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
from threadpoolctl import threadpool_limits

from detectors._decode import decode, listen
from detectors.detector import Detector, Listener, Media
from footprint.errors import UnreadableMedia, UnsupportedMedia
from footprint.findings import Detection, ScanOutcome

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EACCES
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # audit architecture, number of socket(2)
_IO_URING_SETUP = 425  # could open sockets without socket(2)
_X32 = 0x40000000  # from here on, numbers of the x32 calls of x86_64
_LOAD, _IS, _FROM, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds in this process."""

    memory_mb: int
    network_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What became of one detector's look at one asset. `detail` says why where it could not look."""

    detector: str
    version: str
    outcome: ScanOutcome
    detail: str = ""
    detections: tuple[Detection, ...] = ()


def limit(memory_mb: int) -> Limits:
    """
    Bind this process before it sees media. Cannot be undone.

    OpenCV and linear algebra are held to one thread: work spreads over processes, and results are the same whatever the machine.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = memory_mb * 2**20
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    cv2.setNumThreads(1)
    threadpool_limits(1)
    return Limits(memory_mb=most // 2**20, network_refused=_refuse_network())


def look(data: bytes, detectors: Sequence[Detector], *, max_pixels: int) -> tuple[Look, ...]:
    """
    Let each detector look at one asset. Never raises for what the asset holds: each failure is that detector's outcome.

    A failure while decoding is every detector's that needed it: those of pictures, or those that listen.
    """
    listeners = [d for d in detectors if isinstance(d, Listener)]
    lookers = [d for d in detectors if not isinstance(d, Listener)]
    return (*_looks(lookers, lambda: decode(data, max_pixels=max_pixels)), *_looks(listeners, lambda: listen(data)))


def _looks(detectors: Sequence[Detector], opened: Callable[[], Media]) -> tuple[Look, ...]:
    if not detectors:
        return ()
    try:
        media = opened()
    except UnsupportedMedia as error:
        return _all(detectors, ScanOutcome.UNSUPPORTED, str(error))
    except UnreadableMedia as error:
        return _all(detectors, ScanOutcome.FAILED, str(error))
    return tuple(_one(detector, media) for detector in detectors)


def _one(detector: Detector, media: Media) -> Look:
    try:
        found = detector.detect(media)
    except Exception as error:  # noqa: BLE001  a plug-in; the failure is stored
        detail = f"{type(error).__name__}: {error}"[:1000]
        return Look(detector=detector.name, version=detector.version, outcome=ScanOutcome.FAILED, detail=detail)
    outcome = ScanOutcome.FOUND if found else ScanOutcome.NOTHING
    return Look(detector=detector.name, version=detector.version, outcome=outcome, detections=found)


def _all(detectors: Sequence[Detector], outcome: ScanOutcome, detail: str) -> tuple[Look, ...]:
    return tuple(Look(detector=d.name, version=d.version, outcome=outcome, detail=detail) for d in detectors)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _refuse_network() -> bool:
    """Install the filter. Returns whether it holds."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    code = _filter(*machine)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    program = _Program(len(code) // 8, code)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(architecture: int, socket_number: int) -> bytes:
    """
    A classic BPF program over `struct seccomp_data` (number of the call at 0, architecture at 4).

    A step is (code, steps to skip if so, steps to skip if not, operand). Calls of another architecture are refused, since their
    numbers mean other things.
    """
    steps = (
        (_LOAD, 0, 0, 4),
        (_IS, 0, 5, architecture),
        (_LOAD, 0, 0, 0),
        (_FROM, 3, 0, _X32),
        (_IS, 2, 0, _IO_URING_SETUP),
        (_IS, 1, 0, socket_number),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
