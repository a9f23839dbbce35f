"""How long a film's container says that it is: what tells a file that was cut off from a short one."""

from detectors._formats import Format

_BOX_HEADER, _LARGE_BOX_HEADER = 8, 16
_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
_MOST_BOXES = 10_000


def is_cut_off(data: bytes, known: Format) -> bool:
    """Whether the outermost boxes of an MP4, AVI or Matroska file reach beyond its end. False where a format does not tell."""
    match known.reader:
        case "mov":
            return _end_of_boxes(data) > len(data)
        case "avi":
            return int.from_bytes(data[4:8], "little") + 8 > len(data)
        case "matroska":
            return _end_of_segment(data) > len(data)
    return False


def _end_of_boxes(data: bytes) -> int:
    """ISO/IEC 14496-12 section 4.2: size and type; 1 means that a 64-bit size follows, 0 that the box goes to the end."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + _BOX_HEADER > len(data):
            break
        size = int.from_bytes(data[at : at + 4])
        if size == 1:
            size = int.from_bytes(data[at + _BOX_HEADER : at + _LARGE_BOX_HEADER])
        if size < _BOX_HEADER:
            break
        at += size
    return at


def _end_of_segment(data: bytes) -> int:
    """RFC 8794: identifier and size of an element, each of a length that its first byte tells; all ones is a size not known."""
    at = 0
    for _ in range(2):
        identifier, at = _element_id(data, at)
        size, at = _element_size(data, at)
        if size is None or identifier not in (_EBML, _SEGMENT):
            return 0
        at += size
    return at


def _element_id(data: bytes, at: int) -> tuple[int, int]:
    length = 9 - data[at].bit_length() if at < len(data) else 1
    return int.from_bytes(data[at : at + length]), at + length


def _element_size(data: bytes, at: int) -> tuple[int | None, int]:
    length = 9 - data[at].bit_length() if at < len(data) else 1
    unknown = (1 << 7 * length) - 1
    size = int.from_bytes(data[at : at + length]) & unknown
    return (None if size == unknown else size), at + length
