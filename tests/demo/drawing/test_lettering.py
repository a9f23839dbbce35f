"""Letters as masks."""

import numpy as np

from demo.drawing.lettering import around, engraved, fitted, line


def test_every_machine_has_the_letters() -> None:
    """Both hands write without a font of the system's; a longer word takes more room."""
    for write in (line, engraved):
        assert write("PORT ALDER", height_px=40).shape[1] > write("PORT", height_px=40).shape[1] > 20


def test_fitted_letters_stay_in_their_box() -> None:
    """Letters put into a box touch nothing outside."""
    mask = fitted(line("POLICE", height_px=60), 200, 100, box=(20, 30, 180, 70))
    assert mask[30:70, 20:180].max() > 0.9
    assert np.count_nonzero(mask) == np.count_nonzero(mask[30:70, 20:180])


def test_bent_letters_lie_in_their_ring() -> None:
    """Letters around a circle lie between its two radii, above it or below it as asked."""
    y, x = np.mgrid[0:200, 0:200]
    radius = np.hypot(x - 100, y - 100)
    for below, half in ((False, slice(0, 100)), (True, slice(100, 200))):
        bent = around(
            line("ALDER", height_px=60), 200, 200, centre=(100, 100), radii=(60, 80), span_deg=90, below=below
        )
        assert bent[half].sum() == bent.sum() > 100
        assert bent[(radius < 58) | (radius > 82)].sum() == 0
