"""The devices on which people are told."""

import pytest

from helpdesk.domain.attendant import Attendant
from helpdesk.domain.errors import InvalidError
from helpdesk.domain.push import DEVICES, Device, DeviceNotFoundError, TooManyDevicesError
from tests.support.team import Firm

GIVEN = {"target": "https://push.example.com/", "key": "", "auth": "", "name": "n", "locale": "en"}


async def register(firm: Firm, by: Attendant, **changes: str) -> Device:
    return await firm.cases.manage_push().register(by=by, **(GIVEN | changes))


async def test_a_person_has_only_their_own_devices_and_not_too_many(firm: Firm) -> None:
    office, manage = firm.office, firm.cases.manage_push()
    mine = await register(firm, office.ana)
    with pytest.raises(DeviceNotFoundError):
        await manage.forget(mine.id, by=office.dora)
    await manage.forget(mine.id, by=office.ana)
    for it in range(DEVICES):
        await register(firm, office.ana, target=f"{GIVEN['target']}{it}")
    with pytest.raises(TooManyDevicesError):
        await register(firm, office.ana, target=f"{GIVEN['target']}another")
    await register(firm, office.ana, target=f"{GIVEN['target']}0")  # the same again


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"target": ""}, "target"), ({"target": "http://a"}, "target")],
)
async def test_what_no_browser_registers_is_refused(
    firm: Firm, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        await register(firm, firm.office.ana, **changes)
    assert refused.value.field == field
