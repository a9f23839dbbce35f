"""Renders what will be asked for next, so that nobody waits for faces to be looked for."""

from collections.abc import Iterable

from dashboards.desk import Desk
from dashboards.exhibit import plates
from dashboards.media import picture, spectrogram
from footprint.dossiers import Dossier, dossier
from footprint.errors import BadInput, FootprintError

SOON = 3
"""How many findings are prepared."""


def gather(desk: Desk, finding_id: str) -> Dossier:
    """Everything about a finding. Raises BadInput where retention took its words."""
    try:
        return dossier(desk.record, desk.blobs, finding_id)
    except KeyError as error:
        raise BadInput("The text of this post is not kept any more, so the finding cannot be shown.") from error


def warm(desk: Desk, finding_ids: Iterable[str]) -> None:
    """Render the first picture of each finding, unless that is being done already. What cannot be rendered says so when asked for."""
    if not desk.warming.acquire(blocking=False):
        return
    try:
        for finding_id in finding_ids:
            _render(desk, finding_id)
    finally:
        desk.warming.release()


def _render(desk: Desk, finding_id: str) -> None:
    try:
        for plate in plates(gather(desk, finding_id))[:1]:
            if plate.stretch_s is None:
                picture(desk, plate.sha256, frame_s=plate.frame_s)
            else:
                spectrogram(desk, plate.sha256, stretch_s=plate.stretch_s)
    except (KeyError, FootprintError):
        return
