"""
What stands in the middle of a mark: small scenes of flat pieces, rich in corners as real crests are.

Each is a list of pieces, drawn in order, in a square of 100 x 100. The module is long because it is data.
"""

import numpy as np

from demo.drawing.canvas import Points, box, disc, rgb, smooth
from demo.drawing.pieces import Piece, fir, rays, ribbon, turned, waves

_SAILS = (
    (21, 24, 18, 14),
    (20, 41, 21, 18),
    (41, 16, 19, 13),
    (39, 31, 22, 15),
    (38, 48, 24, 17),
    (61, 26, 17, 14),
    (60, 42, 20, 17),
)
_REEDS = (
    (4, 3, 40),
    (9, -4, 52),
    (15, 4, 58),
    (20, -3, 66),
    (84, 4, 60),
    (89, -4, 48),
    (93, 3, 54),
    (97, -2, 42),
    (76, -3, 74),
)


def harbour() -> list[Piece]:
    """A striped lighthouse on a rock before snow-topped mountains and a rising sun, over three rows of waves."""
    return [
        Piece(rgb("9cc7e8"), (box(0, 0, 100, 100),)),
        *rays(centre=(30, 52), count=15, colour=rgb("f4c95a")),
        Piece(rgb("f2a33c"), (disc(30, 52, 12),)),
        Piece(
            rgb("4a5a7c"),
            ([(0, 62), (14, 38), (24, 50), (40, 22), (55, 48), (68, 30), (84, 52), (100, 40), (100, 70), (0, 70)],),
        ),
        Piece(
            rgb("f3f5f8"),
            (
                [(40, 22), (33, 33), (37, 31), (40, 36), (43, 31), (47, 35)],
                [(68, 30), (63, 37), (67, 36), (70, 40), (74, 37)],
            ),
        ),
        Piece(
            rgb("2c6b4a"),
            (
                smooth(
                    [
                        (0, 64),
                        (10, 58),
                        (22, 63),
                        (34, 57),
                        (48, 62),
                        (60, 56),
                        (76, 64),
                        (100, 58),
                        (100, 74),
                        (0, 74),
                    ],
                    per_segment=6,
                ),
            ),
        ),
        *(piece for x, size in ((8, 13), (17, 16), (26, 12), (46, 11), (53, 14)) for piece in fir(x, 66, size)),
        Piece(
            rgb("6b5744"),
            (smooth([(56, 80), (62, 68), (70, 66), (84, 67), (92, 74), (98, 82), (76, 86)], per_segment=6),),
        ),
        *_lighthouse(77, 68),
        *waves(76, rgb("1f4f8a"), rgb("dfeaf5")),
        *waves(84, rgb("2a66a8"), rgb("f2f7fb")),
        *waves(92, rgb("173c6e"), rgb("c9dcef")),
    ]


def anchor() -> list[Piece]:
    """A fouled anchor on a ship's wheel, with a gull above."""
    brass, iron = rgb("d8a838"), rgb("e9ecef")
    spokes = [turned(box(48, 6, 52, 94), 45 * k) for k in range(4)]
    grips = [disc(50 + 43 * np.sin(np.radians(45 * k)), 50 - 43 * np.cos(np.radians(45 * k)), 4.2) for k in range(8)]
    rope = [(50 + 17 * np.sin(t * 1.3), 22 + 58 * t / 6.3) for t in np.linspace(0, 6.3, 40)]
    return [
        Piece(rgb("14432f"), (box(0, 0, 100, 100),)),
        *(Piece(brass, (outline,)) for outline in spokes),
        *(Piece(rgb("f0d27a"), (outline,)) for outline in grips),
        Piece(brass, (disc(50, 50, 35), disc(50, 50, 28))),
        Piece(rgb("8a6420"), (disc(50, 50, 31.4), disc(50, 50, 30.4))),
        Piece(iron, (disc(50, 18, 7), disc(50, 18, 3.6))),
        Piece(iron, (box(46.5, 24, 53.5, 84),)),
        Piece(iron, (box(34, 29, 66, 34),)),
        Piece(
            iron,
            (
                [
                    (18, 62),
                    (14, 78),
                    (30, 74),
                    (24, 71),
                    (34, 80),
                    (50, 92),
                    (66, 80),
                    (76, 71),
                    (70, 74),
                    (86, 78),
                    (82, 62),
                    (76, 66),
                    (64, 77),
                    (50, 83),
                    (36, 77),
                    (24, 66),
                ],
            ),
        ),
        Piece(rgb("c8793a"), (ribbon(rope, 3.4),)),
        *(
            Piece(rgb("6f3d17"), (turned(box(x - 1.8, y - 0.5, x + 1.8, y + 0.5), 35, about=(x, y)),))
            for x, y in rope[::2]
        ),
        Piece(rgb("ffffff"), ([(22, 12), (33, 5), (40, 11), (47, 4), (60, 9), (48, 9), (41, 16), (34, 10)],)),
    ]


def ship() -> list[Piece]:
    """A three-masted ship under sail, with pennants, clouds and a rolling sea."""
    sail, shade = rgb("f4eede"), rgb("cdbf9e")
    masts = [
        Piece(rgb("4a2f1a"), (box(x - 1, top, x + 1, 72),)) for x, top in ((30, 18), (50, 10), (69, 20))
    ]  # fmt: skip
    return [
        Piece(rgb("b9d9ea"), (box(0, 0, 100, 100),)),
        Piece(
            rgb("ffffff"),
            (
                smooth([(2, 24), (10, 16), (20, 20), (24, 28), (10, 30)]),
                smooth([(76, 12), (86, 6), (97, 12), (96, 19), (82, 20)]),
            ),
        ),
        *masts,
        Piece(rgb("4a2f1a"), ([(78, 66), (99, 50), (99, 53), (80, 69)],)),
        *(Piece(sail, (_sail(x, top, width, tall),)) for x, top, width, tall in _SAILS),
        *(Piece(shade, (_sail(x + width * 0.28, top + 1, width * 0.42, tall - 2),)) for x, top, width, tall in _SAILS),
        Piece(sail, ([(72, 28), (97, 54), (76, 60)], [(26, 30), (10, 60), (26, 58)])),
        Piece(
            rgb("b3262b"),
            (
                [(50, 10), (66, 6), (62, 9), (66, 13)],
                [(30, 18), (44, 15), (40, 18), (44, 21)],
                [(69, 20), (81, 17), (78, 20), (81, 23)],
            ),
        ),
        Piece(
            rgb("5b351b"),
            (smooth([(8, 62), (20, 70), (60, 71), (88, 64), (80, 82), (64, 87), (28, 87), (15, 80)], per_segment=6),),
        ),
        Piece(rgb("d8a838"), ([(12, 70), (84, 72), (83, 75), (13, 73)],)),
        *(Piece(rgb("1e1410"), (box(x, 76.5, x + 3.6, 80),)) for x in range(22, 74, 8)),
        *waves(86, rgb("1d6b73"), rgb("e2f1ef")),
        *waves(93, rgb("14515c"), rgb("b9dcd8")),
    ]


def heron() -> list[Piece]:
    """A heron in reeds with a fish in its bill, under a low sun and a line of hills."""
    plume = rgb("8fa3b8")
    return [
        Piece(rgb("f3c9a0"), (box(0, 0, 100, 100),)),
        Piece(rgb("e2603a"), (disc(73, 27, 13),)),
        *(Piece(rgb("f3c9a0"), (box(58, y, 90, y + 1.4),)) for y in (26, 30, 34, 37)),
        Piece(
            rgb("7a5a86"), ([(0, 58), (14, 47), (26, 54), (44, 42), (62, 55), (82, 45), (100, 54), (100, 66), (0, 66)],)
        ),
        Piece(rgb("3f7f92"), (box(0, 62, 100, 100),)),
        *(
            Piece(rgb("bfe0e2"), (ribbon([(x, y), (x + 6, y - 1.2), (x + 13, y)], 1.3),))
            for x, y in ((4, 68), (58, 71), (78, 66), (24, 78), (66, 84), (82, 92), (8, 90))
        ),
        Piece(
            rgb("3b2d1f"), (ribbon([(49, 66), (47, 82), (47, 96)], 2.0), ribbon([(56, 66), (58, 80), (57, 96)], 2.0))
        ),
        Piece(rgb("e9eef2"), (ribbon([(56, 50), (66, 44), (64, 32), (54, 26), (50, 17), (55, 11)], 6.0),)),
        Piece(plume, (smooth([(64, 46), (60, 60), (52, 68), (40, 69), (22, 80), (30, 62), (42, 50)], per_segment=8),)),
        *(
            Piece(
                rgb("4d627a"),
                (ribbon([(58 - 6 * k, 50 + 2 * k), (46 - 5 * k, 62 + 2 * k), (32 - 3 * k, 70 + 3 * k)], 1.7),),
            )
            for k in range(4)
        ),
        Piece(rgb("e9eef2"), (smooth([(50, 14), (54, 7), (62, 8), (65, 13), (58, 17)], per_segment=8),)),
        Piece(rgb("20262e"), (ribbon([(62, 8), (52, 7), (40, 11)], 2.2), disc(60, 11, 1.4))),
        Piece(rgb("e8a62c"), ([(63, 10), (86, 13), (64, 15)],)),
        Piece(
            rgb("c7d1d8"),
            (smooth([(80, 14), (86, 10), (93, 14), (86, 19)], per_segment=8), [(92, 14), (98, 9), (98, 20)]),
        ),
        *(
            Piece(
                rgb("2f6b34") if k % 2 else rgb("4f8f3a"),
                (ribbon([(x, 100), (x + lean * 0.4, 80), (x + lean, tip)], 2.1),),
            )
            for k, (x, lean, tip) in enumerate(_REEDS)
        ),
        *(
            Piece(rgb("6e3f1d"), (turned(box(x + lean - 1.7, tip - 6, x + lean + 1.7, tip + 6), lean),))
            for x, lean, tip in _REEDS[::3]
        ),
    ]


def alder() -> list[Piece]:
    """An alder tree with its leaves and roots beside a bridge, over a river with stones."""
    leaves = [
        (float(50 + r * np.cos(t)), float(32 + r * 0.8 * np.sin(t)), 137.5 * k)
        for k, (r, t) in enumerate((33 * np.sqrt(k / 46), k * 2.39996) for k in range(1, 46))
    ]
    return [
        Piece(rgb("f5e6c4"), (box(0, 0, 100, 100),)),
        Piece(rgb("c9a870"), (box(0, 66, 100, 80),)),
        Piece(
            rgb("b9856a"), ([(0, 58), (34, 58), (34, 78), (29, 78), (26, 68), (20, 64), (14, 68), (11, 78), (0, 78)],)
        ),
        *(
            Piece(rgb("8a5843"), (box(x, y, x + 5, y + 1.2),))
            for x, y in ((2, 60), (10, 60), (18, 60), (26, 60), (6, 63), (22, 63), (29, 66), (1, 68))
        ),
        Piece(
            rgb("4c3320"),
            (
                [
                    (44, 80),
                    (47, 50),
                    (36, 34),
                    (38, 32),
                    (49, 44),
                    (50, 20),
                    (52, 20),
                    (53, 44),
                    (64, 30),
                    (66, 32),
                    (55, 50),
                    (57, 80),
                    (68, 88),
                    (54, 83),
                    (50, 92),
                    (46, 83),
                    (34, 88),
                ],
            ),
        ),
        *(
            Piece(
                rgb("2f7d3c") if k % 3 else rgb("8fae3a"),
                (
                    turned(
                        smooth([(x - 5, y), (x, y - 3.4), (x + 5, y), (x, y + 3.4)], per_segment=5), turn, about=(x, y)
                    ),
                ),
            )
            for k, (x, y, turn) in enumerate(leaves)
        ),
        *(Piece(rgb("5b2f1a"), (disc(x, y, 2.0),)) for x, y in ((33, 56), (70, 52), (60, 58), (41, 60))),
        *waves(82, rgb("2a7f9e"), rgb("e6f4f7")),
        *waves(91, rgb("1d5f80"), rgb("c4e3ec")),
        *(
            Piece(rgb("8b8f94"), (smooth([(x - 5, y), (x, y - 3), (x + 6, y), (x, y + 2.6)], per_segment=5),))
            for x, y in ((16, 86), (76, 88), (86, 84), (30, 95), (62, 97))
        ),
    ]


def elk() -> list[Piece]:
    """An elk's head with antlers between two firs and a moon: the neighbours' motif."""
    hide, horn = rgb("7b4a25"), rgb("efe2c0")
    antler = [
        (44, 46),
        (38, 36),
        (26, 34),
        (16, 22),
        (20, 20),
        (28, 29),
        (26, 14),
        (30, 14),
        (33, 30),
        (37, 31),
        (36, 12),
        (40, 12),
        (41, 33),
        (47, 44),
    ]
    return [
        Piece(rgb("e9b566"), (box(0, 0, 100, 100),)),
        *rays(centre=(50, 108), count=21, colour=rgb("d98d3c")),
        Piece(rgb("fbf3d9"), (disc(76, 20, 11),)),
        Piece(
            rgb("55724a"),
            ([(0, 100), (0, 74), (12, 66), (30, 78), (50, 86), (72, 78), (88, 66), (100, 76), (100, 100)],),
        ),
        *(piece for x, size in ((8, 30), (18, 22), (84, 24), (94, 32)) for piece in fir(x, 92, size)),
        Piece(horn, (antler, [(100 - x, y) for x, y in antler])),
        Piece(
            hide,
            (smooth([(42, 44), (58, 44), (60, 56), (57, 72), (54, 84), (46, 84), (43, 72), (40, 56)], per_segment=8),),
        ),
        Piece(hide, ([(41, 50), (26, 46), (36, 57)], [(59, 50), (74, 46), (64, 57)])),
        Piece(
            rgb("3a2211"),
            (disc(45, 57, 1.9), disc(55, 57, 1.9), smooth([(46, 78), (54, 78), (53, 83), (47, 83)], per_segment=6)),
        ),
        Piece(rgb("5d3719"), ([(42, 86), (58, 86), (66, 100), (34, 100)],)),
    ]


def gate() -> list[Piece]:
    """A barred gate and a key: a guard company's motif."""
    steel = rgb("d5dbe3")
    return [
        Piece(rgb("7c1f24"), (box(0, 0, 100, 100),)),
        *(Piece(steel, ([(x, 88), (x, 26), (x + 3, 16), (x + 6, 26), (x + 6, 88)],)) for x in range(8, 92, 12)),
        Piece(steel, (box(6, 40, 94, 46), box(6, 74, 94, 80))),
        Piece(rgb("f3c03f"), (disc(50, 42, 15), disc(50, 42, 8))),
        Piece(rgb("f3c03f"), (box(47, 55, 53, 92), box(53, 76, 62, 81), box(53, 84, 66, 89))),
    ]


def _lighthouse(x: float, foot: float) -> list[Piece]:
    def course(low: float, high: float) -> Points:
        wide, narrow = 7 - low * 0.055, 7 - high * 0.055
        return [(x - wide, foot - low), (x - narrow, foot - high), (x + narrow, foot - high), (x + wide, foot - low)]

    bands = [Piece(rgb("c8322f") if k % 2 else rgb("fbfaf6"), (course(8.4 * k, 8.4 * (k + 1)),)) for k in range(5)]
    return [
        *bands,
        Piece(rgb("222a38"), (box(x - 6.5, foot - 44, x + 6.5, foot - 42),)),
        Piece(rgb("ffe27a"), (box(x - 3.4, foot - 51, x + 3.4, foot - 44),)),
        Piece(rgb("222a38"), (box(x - 0.6, foot - 51, x + 0.6, foot - 44),)),
        Piece(rgb("a82622"), ([(x - 5, foot - 51), (x, foot - 58), (x + 5, foot - 51)],)),
        Piece(rgb("ffe27a"), ([(x - 4, foot - 48), (x - 34, foot - 56), (x - 34, foot - 47)],)),
        Piece(rgb("222a38"), (box(x - 1.6, foot - 6, x + 1.6, foot), box(x - 1, foot - 24, x + 1, foot - 20))),
    ]


def _sail(x: float, top: float, width: float, tall: float) -> Points:
    belly = width * 0.16
    return smooth(
        [
            (x, top),
            (x + width, top),
            (x + width + belly, top + tall * 0.55),
            (x + width * 0.94, top + tall),
            (x + width * 0.5, top + tall * 0.9),
            (x, top + tall),
            (x + belly, top + tall * 0.5),
        ],
        per_segment=5,
    )
