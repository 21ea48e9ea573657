"""Teams and their settings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.domain.change import Change
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.ids import SectorId
from helpdesk.domain.sector import NAME_LIMIT, TeamChanged, establish
from tests.support.builders import a_sector, fresh
from tests.support.clock import NOON


def test_a_new_sector_is_told_to_the_team() -> None:
    founded = establish(a_sector(" Sales \t SP "), at=NOON)
    assert founded.state.name == "Sales SP"
    assert founded.events == (TeamChanged(at=NOON),)


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * (NAME_LIMIT + 1)}, "name"),
        ({"close_after": timedelta(0)}, "close_after_seconds"),
        ({"check_every": timedelta(days=31)}, "check_every_seconds"),
    ],
)
def test_a_setting_out_of_its_range_is_refused_by_name(
    properties: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        establish(replace(a_sector(), **properties), at=NOON)  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize("span", [timedelta(seconds=1), timedelta(days=30), None])
def test_spans_reach_from_a_second_to_30_days(span: timedelta | None) -> None:
    sector = establish(a_sector(close_after=span, check_every=span), at=NOON).state
    assert (sector.close_after, sector.check_every) == (span, span)


def test_revising_keeps_the_id_and_tells_the_team() -> None:
    sales = a_sector("Sales")
    revised = sales.revise(replace(sales, id=SectorId(fresh()), name="Vendas"), at=NOON)
    assert revised.state == replace(sales, name="Vendas")
    assert revised.events == (TeamChanged(at=NOON),)


def test_revising_nothing_tells_nobody() -> None:
    sales = a_sector("Sales")
    assert sales.revise(sales, at=NOON) == Change(sales)
