"""Who lives in the story: registrants, their accounts, the Department's identifiers, and the Chief's permissions."""

from types import MappingProxyType

from demo.city import Holding, Paper, Person, Thing
from demo.drawing import marks
from demo.drawing.sounds import JINGLE
from footprint.accounts import AccountRole, AccountState, Basis
from footprint.identifiers import Kind

CEREMONY, HARBOUR_PATROL, RECRUITING = "photograph-ceremony", "photograph-harbor-patrol", "photograph-recruiting"
PHOTOGRAPHS = (CEREMONY, HARBOUR_PATROL, RECRUITING)
UNIFORM, NAME = "duty-uniform", "department-name"
NAME_WORDING = "Port Alder"
NAME_HEIGHTS = MappingProxyType(
    {marks.PATCH_2019: 0.106, marks.PATCH_2012: 0.106, marks.STAR: 0.092, marks.SEAL: 0.083, marks.CAR: 0.113}
)
"""How high the letters of the Department's name are on each mark, as a share of its side."""
NAME_RINGS = frozenset({marks.PATCH_2012, marks.STAR, marks.SEAL})
"""Marks on which the name runs round a ring: hard to read."""

PEOPLE = (
    Person(id="U-0001", name="Public Information Office", is_unit=True),
    Person(id="U-0002", name="Recruiting Unit", is_unit=True),
    Person(id="U-0003", name="Police Officers' Association of Port Alder", is_unit=True),
    Person(id="R-0101", name="Lena Ortiz"),
    Person(id="R-0102", name="Marcus Reyes"),
    Person(id="R-0103", name="Ingrid Lindqvist"),
    Person(id="R-0104", name="Daniel Okafor", notice_day=38.0),
    Person(id="R-0105", name="Mai Tran"),
    Person(id="R-0106", name="Owen Holland"),
    Person(id="R-0107", name="Ruth Abernathy", employed_day=30.0, notice_day=31.0),
    Person(id="R-0108", name="Tomas Beck"),
    Person(id="R-0109", name="Grace Whitfield", notice_day=None),
    Person(id="R-0110", name="Pavel Novak"),
    Person(id="R-0111", name="Hannah Sorensen"),
    Person(id="R-0112", name="Carl Estrada"),
    Person(id="R-0113", name="Noor Rahman"),
    Person(id="R-0114", name="Peter Vance"),
    Person(id="R-0115", name="Silvia Marchetti"),
    Person(id="R-0116", name="Jonah Pike"),
    Person(id="R-0117", name="Adele Fournier"),
    Person(id="R-0118", name="Victor Amsel", left_day=78.0),
    Person(id="R-0119", name="Dora Kessler"),
    Person(id="R-0120", name="Liam Costa"),
    Person(id="R-0121", name="Yuki Mori"),
)

HOLDINGS = (
    Holding(key="pio", person="U-0001", platform="mastodon", site="harbor", handle="portalderpd", posts=48,
            role=AccountRole.OFFICIAL, basis=Basis.OFFICIAL),
    Holding(key="lena", person="R-0101", platform="mastodon", site="harbor", handle="lena_o", posts=46),
    Holding(key="marcus", person="R-0102", platform="mastodon", site="harbor", handle="mreyes", posts=44),
    Holding(key="ingrid", person="R-0103", platform="mastodon", site="harbor", handle="ingrid", posts=42),
    Holding(key="daniel", person="R-0104", platform="mastodon", site="harbor", handle="okaford", posts=40),
    Holding(key="mai", person="R-0105", platform="mastodon", site="busy", handle="mai", posts=36),
    Holding(key="owen", person="R-0106", platform="discourse", site="talk", handle="owen_h", posts=36),
    Holding(key="ruth", person="R-0107", platform="discourse", site="talk", handle="ruth.a", posts=36),
    Holding(key="tomas", person="R-0108", platform="discourse", site="talk", handle="tbeck", posts=34),
    Holding(key="grace", person="R-0109", platform="feeds", site="grace", handle="blog", posts=24),
    Holding(key="hannah", person="R-0111", platform="feeds", site="family", handle="family", posts=42,
            author="Hannah Sorensen"),
    Holding(key="carl", person="R-0112", platform="feeds", site="carl", handle="photos", posts=36),
    Holding(key="recruiting", person="U-0002", platform="feeds", site="recruiting", handle="stories", posts=30,
            role=AccountRole.OFFICIAL, basis=Basis.OFFICIAL),
    Holding(key="newsroom", person="U-0001", platform="city", site="cityhall", handle="news", posts=40,
            role=AccountRole.OFFICIAL, basis=Basis.OFFICIAL),
    Holding(key="association", person="U-0003", platform="city", site="association", handle="posts", posts=34,
            role=AccountRole.REPRESENTATIVE, basis=Basis.CONSENT),
    Holding(key="noor", person="R-0113", platform="city", site="noor", handle="journal", posts=30),
    # Accounts that may be read, but cannot be: each behind another obstacle.
    Holding(key="pavel", person="R-0110", platform="mastodon", site="closed", handle="pavel", posts=4,
            unread="the server answers 401 to everybody"),
    Holding(key="peter", person="R-0114", platform="discourse", site="members", handle="pvance", posts=4,
            unread="the forum asks for a login"),
    Holding(key="silvia", person="R-0115", platform="feeds", site="silent", handle="feed", posts=4,
            unread="robots.txt answers 503"),
    Holding(key="jonah", person="R-0116", platform="feeds", site="bomb", handle="feed", posts=4,
            unread="the feed declares entities"),
    Holding(key="adele", person="R-0117", platform="feeds", site="gate", handle="feed", posts=4,
            unread="a page asks who is there in place of the feed"),
    Holding(key="slow", person="R-0119", platform="feeds", site="drip", handle="feed", posts=4,
            unread="the server sends a byte at a time"),
    # Registrations that do not allow reading: no request may be made for them.
    Holding(key="victor", person="R-0118", platform="mastodon", site="harbor", handle="vamsel", posts=6,
            unread="has left the Department"),
    Holding(key="dora", person="R-0119", platform="mastodon", site="harbor", handle="dora_k", posts=6,
            state=AccountState.PROPOSED, unread="nobody has approved the registration"),
    Holding(key="liam", person="R-0120", platform="discourse", site="talk", handle="liamc", posts=6,
            state=AccountState.PAUSED, unread="the registration is paused"),
    Holding(key="yuki", person="R-0121", platform="discourse", site="talk", handle="ymori", posts=6,
            state=AccountState.EXPIRED, unread="the basis has expired"),
)  # fmt: skip

THINGS = (
    Thing(id=marks.PATCH_2019, kind=Kind.PATCH, name="Shoulder patch 2019"),
    Thing(id=marks.PATCH_2012, kind=Kind.PATCH, name="Shoulder patch 2012"),
    Thing(id=marks.STAR, kind=Kind.BADGE, name="Seven-point star"),
    Thing(id=marks.SEAL, kind=Kind.EMBLEM, name="Department seal"),
    Thing(id=marks.CAR, kind=Kind.VEHICLE, name="Patrol car"),
    Thing(id=CEREMONY, kind=Kind.PHOTOGRAPH, name="Photograph: promotion ceremony"),
    Thing(id=HARBOUR_PATROL, kind=Kind.PHOTOGRAPH, name="Photograph: harbor patrol"),
    Thing(id=RECRUITING, kind=Kind.PHOTOGRAPH, name="Photograph: recruiting campaign"),
    Thing(id=JINGLE, kind=Kind.AUDIO, name="Recording: recruiting jingle"),
    Thing(id=UNIFORM, kind=Kind.UNIFORM, name="Duty uniform"),
    Thing(id=NAME, kind=Kind.WORDMARK, name="Name of the Department"),
)

_ALL_KINDS = (
    Kind.PATCH, Kind.BADGE, Kind.EMBLEM, Kind.VEHICLE, Kind.PHOTOGRAPH, Kind.AUDIO, Kind.UNIFORM, Kind.WORDMARK,
)  # fmt: skip

PAPERS = (
    Paper(id="P-2024-001", grantees=("U-0001",), kinds=_ALL_KINDS, from_day=-700,
          purpose="Public information on all channels of the Department"),
    Paper(id="P-2024-002", grantees=("U-0002",), kinds=_ALL_KINDS, platforms=("feeds",), from_day=-700,
          purpose="Recruiting campaign", delegation="Designation of 2024-01-09: Deputy Chief"),
    Paper(id="P-2026-011", grantees=("R-0103", "R-0106"), identifiers=(marks.PATCH_2019, marks.CAR), from_day=24,
          until_day=66, purpose="Charity ride for the children's hospital"),
    Paper(id="P-2026-014", grantees=("R-0102",), identifiers=(marks.STAR,), from_day=6, revoked_day=47,
          purpose="Lectures at the community college"),
    Paper(id="P-2025-032", grantees=("R-0105",), kinds=(Kind.EMBLEM,), from_day=-320, until_day=14,
          purpose="Exhibition on the history of the Department"),
    Paper(id="P-2026-019", grantees=("*",), identifiers=(marks.SEAL,), from_day=70, until_day=77,
          purpose="Memorial week: everybody may show the seal"),
    Paper(id="P-2026-021", grantees=("*",), approved=(RECRUITING,), from_day=10,
          purpose="The recruiting photograph may be shared by all employees"),
)  # fmt: skip
