"""What people write: everyday posts, a few about work, and speech that the policy does not touch and nobody may hold against them."""

import numpy as np

Rng = np.random.Generator

_OPENINGS = (
    "Finally got around to {doing}.", "Spent the morning {doing}.", "Two hours of {doing} and I am done for the day.",
    "Nothing beats {doing} on a {weather} day.", "Anybody else into {doing}?", "First time {doing} this year.",
    "The kids talked me into {doing}.", "A {weather} Sunday, so {doing} it was.",
)  # fmt: skip
_DOINGS = (
    "mending the fence", "baking rye bread", "walking along the breakwater", "fixing the old bicycle",
    "planting tomatoes", "sorting forty years of photographs", "learning the accordion", "cleaning the gutters",
    "watching the regatta", "painting the shed", "fishing off the north pier", "coaching the under-tens",
    "repairing a radio", "making plum jam", "looking for the cat", "building a bookshelf", "trying the new ferry",
    "running the harbor loop",
)  # fmt: skip
_WEATHERS = ("foggy", "bright", "windy", "rainy", "cold", "mild", "perfect", "grey")
_CLOSINGS = (
    "Would do it again.", "My back disagrees.", "Recommendations welcome.", "The dog slept through all of it.",
    "Coffee afterwards at the usual place.", "Next week the same again.", "Photos when the light is better.",
    "It only took three trips to the hardware store.", "Ask me tomorrow whether it holds.", "", "", "",
)  # fmt: skip
_CAPTIONS = (
    "Good day, good company.", "Look what turned up in the drawer.", "From this afternoon.", "Before the rain came.",
    "One for the album.", "Family visit.", "My corner of the table.", "Seen on the way home.", "Quiet evening.",
    "Somebody asked for a picture, here it is.", "Throwback.", "Early start.",
)  # fmt: skip
_WORK = (
    "Long shift, good crew.", "First day back after leave.", "Grateful for the people I work with.",
    "Ten years today.", "Polished everything for Saturday.", "Out and about on Harbor Street.",
    "The new one arrived.", "Between two calls.", "Proud of this one.",
)  # fmt: skip
_OFFICIAL = (
    "Our officers met neighbors at {place} today. Thank you for stopping by.", "Road closed at {place} until 6 p.m.",
    "Bicycle registration at {place} on Saturday from 10 a.m.", "Lost property is now handed out at {place}.",
    "Reminder: slow down around {place}, school has begun.", "A look behind the scenes at {place}.",
)  # fmt: skip
_PLACES = ("Alder Square", "the ferry landing", "Pier 4", "Mill Street School", "the public library", "North Beach")
_PROTECTED = (
    "The plan to cut night staffing is wrong, and I will say so at Tuesday's council meeting.",
    "Our union meets on Thursday at seven. Overtime rules are on the agenda.",
    "I support Proposition 4. My own view, on my own time.",
    "Three of us wrote to the city about the mold in the locker rooms. No answer in six weeks.",
    "The Chief's new schedule is a mistake. There, I said it.",
    "Testified before the committee today about broken radios. Somebody had to.",
    "Members: the ballot on the contract closes Friday. Read it before you vote.",
    "I do not think the department handles complaints well, and I have told them.",
)  # fmt: skip
_ALTS = ("A photograph taken outdoors", "Picture", "", "What I was talking about", "A snapshot from today", "")
_STRANGERS = ("Nice!", "Where is that?", "Love this.", "See you there.", "We were there too, look:", "Agreed.")


def everyday(rng: Rng) -> str:
    """Something from somebody's free time."""
    opening = _one(_OPENINGS, rng).format(doing=_one(_DOINGS, rng), weather=_one(_WEATHERS, rng))
    return f"{opening} {_one(_CLOSINGS, rng)}".strip()


def caption(rng: Rng) -> str:
    """What stands with a picture; seldom about work."""
    return _one(_CAPTIONS, rng) if rng.random() < 0.7 else _one(_WORK, rng)


def notice(rng: Rng) -> str:
    """An official account's announcement."""
    return _one(_OFFICIAL, rng).format(place=_one(_PLACES, rng))


def protected(rng: Rng) -> str:
    """Union matters, criticism, testimony, politics."""
    return _one(_PROTECTED, rng)


def remark(rng: Rng) -> str:
    """What others say."""
    return _one(_STRANGERS, rng)


def alt(name: str) -> str:
    """A description of a picture as people write them, the same for the same picture: most say little, many nothing."""
    return _ALTS[sum(name.encode()) % len(_ALTS)]


def title(text: str) -> str:
    """A headline: the first words."""
    words = text.split()
    return " ".join(words[:6]).rstrip(".,:;!?")


def _one(choices: tuple[str, ...], rng: Rng) -> str:
    return choices[int(rng.integers(len(choices)))]
