"""Places on Earth, and people's cards."""

from math import nan

import pytest

from helpdesk.domain.cards import ContactCard, Location, valid_contacts, valid_location
from helpdesk.domain.errors import InvalidError


def test_a_place_is_told_in_single_lines() -> None:
    told = valid_location(
        Location(latitude=-23.5, longitude=-46.6, name="Praça\nda Sé", address="\0")
    )
    assert told == Location(latitude=-23.5, longitude=-46.6, name="Praça da Sé")


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [(90.1, 0, "latitude"), (nan, 0, "latitude"), (0, -180.5, "longitude")],
)
def test_a_place_that_is_nowhere_is_refused(latitude: float, longitude: float, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        valid_location(Location(latitude=latitude, longitude=longitude))
    assert refused.value.field == field


def test_a_card_is_cleaned() -> None:
    card = ContactCard(name=" João\tSilva ", phones=("+55 11 9", "\0"), emails=("j@x.br",))
    assert valid_contacts((card,)) == (
        ContactCard(name="João Silva", phones=("+55 11 9",), emails=("j@x.br",)),
    )


def test_who_has_no_name_is_called_by_a_phone_or_an_address() -> None:
    cards = ContactCard(name="", phones=("+551199",)), ContactCard(name="", emails=("j@x.br",))
    assert [it.name for it in valid_contacts(cards)] == ["+551199", "j@x.br"]


@pytest.mark.parametrize("cards", [(), (ContactCard(name=" "),), (ContactCard(name="João"),) * 21])
def test_cards_that_say_nothing_are_refused(cards: tuple[ContactCard, ...]) -> None:
    with pytest.raises(InvalidError) as refused:
        valid_contacts(cards)
    assert refused.value.field == "contacts"
