"""The registry of the city is filled through the acts, by their rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.city import City
from demo.registry import account_of, fill
from demo.settings import write_settings
from demo.simulators.server import Stage
from flows.wiring import House, now, record_url, wired
from footprint.accounts import Account, AccountEvent, AccountState, AccountStep, Registrant, state_of
from footprint.audit import AuditEvent, verify
from footprint.errors import BadInput
from footprint.identifiers import Exemplar, Identifier, Polarity
from footprint.permissions import Permission, Revocation
from footprint.settings import read
from footprint.store.record import migrate
from footprint.users import User


@pytest.fixture(scope="module")
def house(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with the registry of the city in it."""
    loaded = read(write_settings(tmp_path_factory.mktemp("demo"), stage.city, port=0), {})
    migrate(record_url(loaded))
    with wired(loaded) as opened:
        fill(opened, stage)
        yield opened


def test_every_account_is_in_the_state_of_the_story(house: House, stage: Stage) -> None:
    """Accounts are active, proposed, paused or expired, as the story says."""
    for holding in stage.city.holdings:
        account = account_of(stage, holding)
        events = house.record.select(AccountEvent, account_id=account.id)
        assert house.record.get(Account, account.id) == account
        assert state_of(account, events, now()) is holding.state


def test_two_people_register_an_account(house: House) -> None:
    """Nobody approved what they wrote down themselves (guardrail G3)."""
    accounts = {account.id: account for account in house.record.select(Account)}
    approvals = [e for e in house.record.select(AccountEvent) if e.step is AccountStep.APPROVED]
    assert len(approvals) == sum(s is not AccountState.PROPOSED for s in _states(house))
    assert all(event.by != accounts[event.account_id].registered_by for event in approvals)


def test_every_identifier_but_one_has_exemplars(house: House, city: City) -> None:
    """Marks have references from several sides, photographs one; the uniform has none."""
    counts = {
        identifier.id: house.record.count(Exemplar, identifier_id=identifier.id, polarity=Polarity.POSITIVE)
        for identifier in house.record.select(Identifier)
    }
    assert counts.keys() == {thing.id for thing in city.things}
    assert [name for name, count in counts.items() if not count] == ["duty-uniform"]
    assert all(count in (1, 4, 5) for name, count in counts.items() if name != "duty-uniform")


def test_some_look_alikes_are_taught(house: House) -> None:
    """The neighbours' patch and the guards' badge are exemplars of what is not ours; an approved use is one, too."""
    taught = {e.identifier_id for e in house.record.select(Exemplar, polarity=Polarity.LOOK_ALIKE)}
    approved = {e.identifier_id for e in house.record.select(Exemplar, polarity=Polarity.APPROVED_USE)}
    assert (taught, approved) == ({"shoulder-patch-2019", "star-badge"}, {"shoulder-patch-2019"})


def test_all_papers_are_granted(house: House, city: City) -> None:
    """Every permission of the story is on record, and the revoked one is taken back."""
    assert {p.id for p in house.record.select(Permission)} == {paper.id for paper in city.papers}
    assert {r.id for r in house.record.select(Revocation)} == {p.id for p in city.papers if p.revoked_day is not None}


def test_everybody_signs_in(house: House, city: City) -> None:
    """There is a user of each role, and the employee is tied to their own record."""
    users = {user.name: user for user in house.record.select(User)}
    assert {role for user in users.values() for role in user.roles} == {
        "administrator", "registrar", "chief", "reviewer", "auditor", "employee",
    }  # fmt: skip
    assert users["lena"].registrant_id in {registrant.id for registrant in house.record.select(Registrant)}


def test_the_audit_chain_holds(house: House) -> None:
    """All of it went through the audit log."""
    events = tuple(house.record.select(AuditEvent))
    assert len(events) > 100
    assert verify(sorted(events, key=lambda event: event.sequence)) is None


def test_a_folder_of_somebody_elses_is_left_alone(city: City, tmp_path: Path) -> None:
    """The demo empties its own folder and no other."""
    write_settings(tmp_path, city, port=1)
    (tmp_path / "house" / "old").touch()
    write_settings(tmp_path, city, port=1)
    assert not (tmp_path / "house" / "old").exists()
    (tmp_path / "house" / "made-by-the-demo").unlink()
    with pytest.raises(BadInput, match="not the demo's"):
        write_settings(tmp_path, city, port=1)


def test_the_settings_are_those_of_any_house(city: City, tmp_path: Path) -> None:
    """The file reads like any other: crawling on, loopback allowed, a contact named, the port as asked."""
    settings = read(write_settings(tmp_path, city, port=8123), {}).settings
    assert settings.crawl.enabled
    assert [str(network) for network in settings.crawl.allowed_networks] == ["127.0.0.0/8"]
    assert str(settings.crawl.contact_url) == "https://portalder.example/footprint"
    assert settings.dashboard.port == 8123


def _states(house: House) -> list[AccountState]:
    return [
        state_of(account, house.record.select(AccountEvent, account_id=account.id), now())
        for account in house.record.select(Account)
    ]
