"""One's own devices, on which one is told that something came while the dashboard is closed."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.decode import Nothing, fields_given
from helpdesk.adapters.http.out import Out
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body, Maybe
from helpdesk.domain.ids import DeviceId
from helpdesk.domain.push import (
    NAME_LIMIT,
    TARGET_LIMIT,
    Device,
    DeviceNotFoundError,
    TooManyDevicesError,
)


class DeviceOut(Out, frozen=True):
    """Where it is reached is nobody's business."""

    id: UUID
    name: str
    since: datetime

    @classmethod
    def of(cls, it: Device) -> "DeviceOut":
        return cls(id=it.id, name=it.name, since=it.at)


class PushOut(Out, frozen=True):
    """`kind` says how a device registers, `key` and `app` are what a browser needs for it."""

    kind: str
    key: str
    app: dict[str, str]
    on: bool
    content: bool
    devices: list[DeviceOut]


class PushBody(Body, frozen=True):
    on: Maybe[bool] = msgspec.UNSET
    content: Maybe[bool] = msgspec.UNSET


Text = Annotated[str, msgspec.Meta(min_length=1, max_length=TARGET_LIMIT, pattern=NO_NUL)]


class DeviceBody(Body, frozen=True):
    """As the browser's `PushSubscription` has it: `endpoint`, `p256dh` and `auth`.

    With kind `firebase` the target is the Firebase installation id, and there is no more to it.
    """

    target: Text
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_LIMIT, pattern=NO_NUL)]
    locale: Literal["pt-BR", "en", "es"]
    key: Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)] = ""
    auth: Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)] = ""


@endpoint("GET /v1/me/push", takes=Nothing, returns=PushOut)
async def read_push(call: Call[Nothing]) -> PushOut:
    """Show on which devices one is told of what comes, and what is told."""
    return await _shown(call)


@endpoint("PATCH /v1/me/push", takes=PushBody, returns=PushOut)
async def change_push(call: Call[PushBody]) -> PushOut:
    """Say whether one is told, and whether with names and texts."""
    await call.cases.manage_push.choose(by=call.by, **fields_given(call.input))
    return await _shown(call)


@endpoint(
    "POST /v1/me/push/devices",
    takes=DeviceBody,
    returns=DeviceOut,
    status=HTTPStatus.CREATED,
    errors=(TooManyDevicesError,),
)
async def register_device(call: Call[DeviceBody]) -> DeviceOut:
    """Be told on this device; one that was somebody else's is theirs no more."""
    it = call.input
    device = await call.cases.manage_push.register(
        by=call.by, target=it.target, key=it.key, auth=it.auth, name=it.name, locale=it.locale
    )
    return DeviceOut.of(device)


@endpoint("DELETE /v1/me/push/devices/{id}", takes=Nothing, errors=(DeviceNotFoundError,))
async def forget_device(call: Call[Nothing]) -> None:
    """Be told nothing more on this device."""
    await call.cases.manage_push.forget(DeviceId(call.id), by=call.by)


ENDPOINTS: Final = (read_push, change_push, register_device, forget_device)


async def _shown(call: Call[Any]) -> PushOut:
    choice, devices = await call.cases.manage_push.read(by=call.by)
    push = call.cases.manage_push.push
    return PushOut(
        kind=push.kind,
        key=push.public_key,
        app=dict(push.app),
        on=choice.on,
        content=choice.content,
        devices=[DeviceOut.of(it) for it in devices],
    )
