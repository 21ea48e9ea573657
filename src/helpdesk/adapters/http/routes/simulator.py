"""The simulated phones and their network; there only while the simulator is the bridge."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from aiohttp import web
from msgspec import UNSET

from helpdesk.adapters.http.api import Call, endpoint
from helpdesk.adapters.http.auth import Access
from helpdesk.adapters.http.decode import Nothing, fields_given
from helpdesk.adapters.http.parts import MULTIPART
from helpdesk.adapters.http.problems import invalid
from helpdesk.adapters.http.routes.bodies import NO_NUL, Body, Maybe, Text
from helpdesk.adapters.http.routes.cards import (
    Contacts,
    LocationBody,
    contacts_of,
    location_of,
)
from helpdesk.adapters.http.serving import send_file
from helpdesk.adapters.http.simulator_views import (
    ConversationOut,
    NetworkOut,
    PhoneLineOut,
    PhoneMessageOut,
    PhoneOut,
)
from helpdesk.adapters.http.views import ListOut, list_of
from helpdesk.domain.amendment import Verb
from helpdesk.domain.attachment import spoken
from helpdesk.domain.file import FileTooLargeError, MediaNotFoundError, is_inline
from helpdesk.domain.identity import Identity
from helpdesk.domain.message import TEXT_LIMIT, Content
from helpdesk.domain.network import (
    AGO_LIMIT,
    LATENCY_LIMIT,
    TROUBLE_LIMIT,
    NotScannableError,
)
from helpdesk.domain.requests import id_for
from helpdesk.domain.simulator import (
    NAME_LIMIT,
)
from helpdesk.domain.usecases.play_phone import LONGEST_WAIT, PlayPhone

Name = Annotated[str, msgspec.Meta(max_length=NAME_LIMIT, pattern=NO_NUL)]
Times = Annotated[int, msgspec.Meta(ge=0, le=TROUBLE_LIMIT)]


class SaidBody(Body, frozen=True):
    """`quote` is the id of a message on this phone.

    `hours_ago`: it was written then and comes now, as from a phone that was off.
    """

    text: Text | None = None
    location: LocationBody | None = None
    contacts: Contacts = ()
    quote: Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)] | None = None
    name: Name | None = None
    hours_ago: Annotated[float, msgspec.Meta(ge=0, le=AGO_LIMIT)] = 0


class PhoneQuery(Body, frozen=True):
    """Waits for `wait` seconds until something is newer than `after`."""

    after: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    wait: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_WAIT)] = 0


class AmendBody(Body, frozen=True):
    """`message` is the id of a message on this phone, `text` the emoji or the new text."""

    message: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=NO_NUL)]
    verb: Verb
    text: Annotated[str, msgspec.Meta(max_length=TEXT_LIMIT, pattern=NO_NUL)] = ""


class TypingBody(Body, frozen=True):
    typing: bool


class PhoneBody(Body, frozen=True):
    """`missing` takes the phone off WhatsApp: it cannot be reached."""

    name: Maybe[Name] = UNSET
    online: Maybe[bool] = UNSET
    missing: Maybe[bool] = UNSET


class NetworkBody(Body, frozen=True):
    """So many of the next messages fail, come twice, or come out of order.

    So many times a phone's file cannot be fetched (`fail_media`), or never again (`media_gone`).
    """

    network: Maybe[bool] = UNSET
    banned: Maybe[bool] = UNSET
    latency_ms: Maybe[Annotated[int, msgspec.Meta(ge=0, le=LATENCY_LIMIT)]] = UNSET
    fail_next: Maybe[Times] = UNSET
    duplicate_next: Maybe[Times] = UNSET
    reorder_next: Maybe[Times] = UNSET
    fail_media: Maybe[Times] = UNSET
    media_gone: Maybe[bool] = UNSET


@endpoint(
    "GET /simulator/phones",
    takes=Nothing,
    returns=ListOut[PhoneLineOut],
    access=Access.SIMULATOR,
)
async def list_phones(call: Call[Nothing]) -> ListOut[PhoneLineOut]:
    """List phones, the one with the newest message first."""
    return list_of(await _play(call).phones(), PhoneLineOut.of_view)


@endpoint(
    "PUT /simulator/phones/{phone}",
    takes=PhoneBody,
    returns=PhoneOut,
    access=Access.SIMULATOR,
)
async def put_phone(call: Call[PhoneBody]) -> PhoneOut:
    """Make a phone, or change it."""
    return PhoneOut.of(await _play(call).put_phone(call.text("phone"), **fields_given(call.input)))


@endpoint(
    "POST /simulator/phones/{phone}/messages",
    takes=SaidBody,
    returns=PhoneMessageOut,
    status=HTTPStatus.CREATED,
    errors=(FileTooLargeError,),
    access=Access.SIMULATOR,
    keyed=True,
    files=frozenset({"quote", "name"}),
)
async def say(call: Call[SaidBody]) -> PhoneMessageOut:
    """Write to the helpdesk from a phone: a text, a place, cards, or one file as multipart."""
    it, phone = call.input, call.text("phone")
    id = id_for(Identity.phone(phone).key, "phone message", key=call.key) if call.key else None
    if call.request.content_type != MULTIPART:
        content = spoken(it.text or "", location_of(it.location), contacts_of(it.contacts))
        quote, name = it.quote, it.name
    else:
        content, fields = await _file(call)
        quote, name = fields.get("quote") or None, fields.get("name")
    said = await _play(call).say(
        phone, content=content, quote=quote, name=name, id=id, hours_ago=it.hours_ago
    )
    return PhoneMessageOut.of(said)


async def _file(call: Call[SaidBody]) -> tuple[Content, Mapping[str, str]]:
    parts, content = call.parts(), None
    async for upload in parts:
        if content is not None:
            raise invalid("file", "is there more than once")
        content = await _play(call).keep(upload)
    if content is None:
        raise invalid("file", "is required")
    return content, parts.fields


@endpoint(
    "GET /simulator/phones/{phone}/media/{message}",
    takes=Nothing,
    returns="*/*",
    errors=(MediaNotFoundError,),
    access=Access.SIMULATOR,
    ranges=True,
)
async def read_phone_file(call: Call[Nothing]) -> web.StreamResponse:
    """Show the file of a message on a phone."""
    play = _play(call)
    media = await play.file(call.text("phone"), call.text("message"))
    assert media.blob is not None
    return await send_file(
        call.request,
        lambda start, end: play.open(media, start=start, end=end),
        size=media.blob.size,
        sha256=media.blob.sha256,
        mime=media.mime,
        name=media.name,
        inline=is_inline(media.kind, media.mime),
    )


@endpoint(
    "GET /simulator/phones/{phone}/messages",
    takes=PhoneQuery,
    returns=ConversationOut,
    access=Access.SIMULATOR,
)
async def read_phone(call: Call[PhoneQuery]) -> ConversationOut:
    """Show what is new or changed on a phone; this can wait for something."""
    play, phone, it = _play(call), call.text("phone"), call.input
    wait = play.messages(phone, after=it.after, wait=it.wait)
    shown = await call.streams.unless_ending(wait)
    return ConversationOut.of(shown or await play.messages(phone, after=it.after))


@endpoint(
    "POST /simulator/phones/{phone}/amend",
    takes=AmendBody,
    returns=PhoneMessageOut,
    access=Access.SIMULATOR,
)
async def amend(call: Call[AmendBody]) -> PhoneMessageOut:
    """React to a message, change one of the phone's own, or take it back."""
    it = call.input
    return PhoneMessageOut.of(
        await _play(call).amend(call.text("phone"), it.message, it.verb, it.text)
    )


@endpoint("POST /simulator/phones/{phone}/read", takes=Nothing, access=Access.SIMULATOR)
async def read_all(call: Call[Nothing]) -> None:
    """Read everything that came to a phone."""
    await _play(call).read(call.text("phone"))


@endpoint("POST /simulator/phones/{phone}/typing", takes=TypingBody, access=Access.SIMULATOR)
async def type_on_phone(call: Call[TypingBody]) -> None:
    """Type on a phone, or stop."""
    await _play(call).set_typing(call.text("phone"), call.input.typing)


@endpoint("GET /simulator/state", takes=Nothing, returns=NetworkOut, access=Access.SIMULATOR)
async def read_network(call: Call[Nothing]) -> NetworkOut:
    """Show how our number is linked, and what goes wrong next."""
    return NetworkOut.of(await _play(call).network())


@endpoint("PATCH /simulator/state", takes=NetworkBody, returns=NetworkOut, access=Access.SIMULATOR)
async def change_network(call: Call[NetworkBody]) -> NetworkOut:
    """Make things go wrong."""
    return NetworkOut.of(await _play(call).adjust(**fields_given(call.input)))


@endpoint(
    "POST /simulator/scan",
    takes=Nothing,
    errors=(NotScannableError,),
    access=Access.SIMULATOR,
)
async def scan(call: Call[Nothing]) -> None:
    """Scan the QR code with the phone of our number."""
    await _play(call).scan()


@endpoint("POST /simulator/unlink", takes=Nothing, access=Access.SIMULATOR)
async def unlink(call: Call[Nothing]) -> None:
    """Remove the helpdesk from the linked devices of our number's phone."""
    await _play(call).unlink()


def _play(call: Call[Any]) -> PlayPhone:
    assert call.cases.play_phone is not None  # else these endpoints are not there
    return call.cases.play_phone


ENDPOINTS: Final = (
    list_phones,
    put_phone,
    say,
    read_phone_file,
    read_phone,
    amend,
    read_all,
    type_on_phone,
    read_network,
    change_network,
    scan,
    unlink,
)
