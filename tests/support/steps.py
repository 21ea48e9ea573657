"""Steps that two stores take side by side: drawn as numbers, the same in both.

A number picks one of what was made so far, so that any sequence of steps can be taken.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from helpdesk.domain.attendance import Attendance, ClosedBy
from helpdesk.domain.attendant import Attendant
from helpdesk.domain.change import Change
from helpdesk.domain.client import Client
from helpdesk.domain.feedback import Feedback, digest
from helpdesk.domain.identity import Identity, Scheme
from helpdesk.domain.ids import AttendanceId, ClientId, MessageId
from helpdesk.domain.message import Content, Delivery, Failure, Kind, Message
from helpdesk.domain.report import ReactionReported
from helpdesk.ports.store import UnitOfWork
from tests.support.clock import NOON
from tests.support.office import Office

Thing = TypeVar("Thing")
Step: TypeAlias = "Callable[[UnitOfWork, World, int, int], Awaitable[object]]"


@dataclass(slots=True)
class World:
    """What was made so far in one of the stores; `example` keeps one run apart from the next."""

    office: Office
    example: int
    made: int = 0
    clients: list[ClientId] = field(default_factory=list)
    attendances: list[AttendanceId] = field(default_factory=list)
    messages: list[MessageId] = field(default_factory=list)

    def fork(self) -> "World":
        """Copy it, to be dropped when the unit of work fails."""
        return replace(
            self,
            clients=[*self.clients],
            attendances=[*self.attendances],
            messages=[*self.messages],
        )

    def new_id(self) -> UUID:
        self.made += 1
        return UUID(int=(self.example << 64) + self.made)

    def name(self, n: int) -> str:
        return f"{self.example}-{n}"

    @property
    def at(self) -> datetime:
        return NOON + timedelta(minutes=self.made)

    def somebody(self, n: int) -> Attendant:
        return pick(self.office.team, n)


class Nothing(Exception):  # noqa: N818
    """There is nothing yet to take this step with."""


def pick(things: list[Thing], n: int) -> Thing:
    if not things:
        raise Nothing
    return things[n % len(things)]


async def attendance(work: UnitOfWork, world: World, n: int) -> Attendance:
    return await work.attendances.load(pick(world.attendances, n))


async def obtain(work: UnitOfWork, world: World, n: int, m: int) -> object:
    identities = [
        Identity(Scheme.LID, world.name(n)),
        Identity(Scheme.USERNAME, f"Name{world.name(m)}"),
    ]
    draft = Client.meet(
        ClientId(world.new_id()), name=f"João {n}", identities=identities[: 1 + m % 2], at=world.at
    )
    found = await work.clients.obtain(draft)
    world.clients = list(dict.fromkeys([*world.clients, *(it.id for it in found)]))
    return found


async def learn(work: UnitOfWork, world: World, n: int, m: int) -> object:
    client = await work.clients.load(pick(world.clients, n))
    await work.save(
        client.also_known_as([Identity(Scheme.LID, world.name(m))], at=world.at),
    )
    return await work.clients.known_by([Identity(Scheme.LID, world.name(m))])


async def describe(work: UnitOfWork, world: World, n: int, m: int) -> object:
    client = await work.clients.load(pick(world.clients, n))
    await work.save(client.describe(name=f"Ação {m}", tags=[f"tag{m}"], at=world.at))
    return await work.clients.load(client.id)


async def merge(work: UnitOfWork, world: World, n: int, m: int) -> object:
    kept = await work.clients.load(pick(world.clients, n))
    gone = await work.clients.load(pick(world.clients, m))
    grown, emptied = kept.absorb(gone, by=None, at=world.at)
    for it in await work.attendances.open_of(gone.id):
        await work.save(it.close(ClosedBy.MERGE, by=None, at=world.at))
    await work.save(emptied, grown)
    await work.clients.move(gone.id, kept.id)
    return await work.attendances.open_of(kept.id)


async def begin(work: UnitOfWork, world: World, n: int, m: int) -> object:
    client = await work.clients.load(pick(world.clients, n))
    opened = Attendance.open(
        AttendanceId(world.new_id()),
        client=client.id,
        session=world.office.session.id,
        sector=pick([world.office.sales, world.office.support], m).id,
        address=client.identities[0],
        by=world.somebody(m).id if m % 3 == 0 else None,
        at=world.at,
    )
    await work.save(opened)
    world.attendances.append(opened.state.id)
    return await work.attendances.open_of(client.id, world.office.session.id)


async def hear(work: UnitOfWork, world: World, n: int, m: int) -> object:
    heard = (await attendance(work, world, n)).hear(
        Identity(Scheme.LID, world.name(n)), at=world.at
    )
    message = Message.receive(
        MessageId(world.new_id()),
        heard=heard,
        content=Content(Kind.TEXT, f"Olá {world.name(m)}"),
        provider_id=world.name(world.made if m else 0),
        quote=None,
        sent_at=world.at,
        at=world.at,
    )
    await work.save(Change(heard), message)
    world.messages.append(message.state.id)
    return await work.messages.of_provider(world.office.session.id, world.name(0))


async def answer(work: UnitOfWork, world: World, n: int, m: int) -> object:
    by = world.somebody(m).id
    answered = (await attendance(work, world, n)).answer(by, at=world.at)
    quoted = await work.messages.last_inbound(answered.state.id)
    message = Message.reply(
        MessageId(world.new_id()),
        answered=answered.state,
        content=Content(Kind.TEXT, "Bom dia"),
        author=by,
        quoted=quoted,
        at=world.at,
    )
    await work.save(answered, message)
    world.messages.append(message.state.id)
    return quoted


async def track(work: UnitOfWork, world: World, n: int, m: int) -> object:
    message = await work.messages.load(pick(world.messages, n))
    about = await work.attendances.find(message.attendance_id)
    delivery = pick(list(Delivery), m)
    await work.save(
        message.track(delivery, attendance=about, failure=Failure("bug", "why"), at=world.at)
    )
    return await work.messages.find(message.id)


async def hand_over(work: UnitOfWork, world: World, n: int, m: int) -> object:
    it = await attendance(work, world, n)
    sector = pick([world.office.sales, world.office.support], m).id
    to = world.somebody(m).id if m % 2 else None
    await work.save(it.transfer(sector=sector, to=to, by=world.somebody(n).id, at=world.at))
    return await work.attendances.find(it.id)


async def take(work: UnitOfWork, world: World, n: int, m: int) -> object:
    it = await attendance(work, world, n)
    await work.save(it.take(world.somebody(m).id, force=m > 3, at=world.at))
    return await work.team.candidates(world.office.sales.id, online_since=NOON)


async def neglect(work: UnitOfWork, world: World, n: int, m: int) -> object:
    await work.save((await attendance(work, world, n)).neglect(at=world.at))
    return await work.attendances.silent_in(
        world.office.sales.id, since=world.at, skip_neglected=m % 2 == 0, limit=m
    )


async def end(work: UnitOfWork, world: World, n: int, m: int) -> object:
    it = await attendance(work, world, n)
    await work.save(it.close(ClosedBy.ATTENDANT, by=world.somebody(m).id, at=world.at))
    await work.save(Change(Feedback.ask(it.id, token=str(it.id), at=world.at)))
    return await work.attendances.waiting_in(world.office.sales.id, m)


async def rate(work: UnitOfWork, world: World, n: int, m: int) -> object:
    asked = await work.feedbacks.by_token(digest(str(pick(world.attendances, n))))
    if asked is not None:
        about = await work.attendances.find(asked.attendance_id)
        await work.save(asked.give(1 + m % 5, "", attendance=about, at=world.at))
    return asked


async def beat(work: UnitOfWork, world: World, n: int, m: int) -> object:
    return await work.presence.beat(world.somebody(n).id, f"{m}", at=world.at)


async def leave(work: UnitOfWork, world: World, n: int, m: int) -> object:
    return await work.presence.leave(world.somebody(n).id, f"{m}")


async def fall_silent(work: UnitOfWork, world: World, n: int, m: int) -> object:
    gone = await work.presence.expire(before=world.at + timedelta(minutes=m - 3, seconds=1))
    online = await work.presence.is_online(world.somebody(n).id, since=NOON)
    return set(gone), online


async def revise(work: UnitOfWork, world: World, n: int, m: int) -> object:
    who = await work.team.attendant(world.somebody(n).id)
    sectors = [world.office.sales.id, world.office.support.id][: m % 3]
    address = f"{world.name(m)}@example.com"
    revised = replace(who, away=m > 3, email=address, sectors=frozenset(sectors))
    await work.save(who.revise(revised, at=world.at))
    return await work.sign_ins.credentials(address)


async def claim(work: UnitOfWork, world: World, n: int, m: int) -> object:
    return await work.first_time(world.name(n))


async def disclaim(work: UnitOfWork, world: World, n: int, m: int) -> object:
    await work.disclaim(world.name(n))
    return None


async def park(work: UnitOfWork, world: World, n: int, m: int) -> object:
    session, delivery = world.office.session.id, pick(list(Delivery), m)
    await work.messages.park_status(session, world.name(n % 2), delivery, None)
    return None


async def unpark(work: UnitOfWork, world: World, n: int, m: int) -> object:
    return await work.messages.unpark_status(world.office.session.id, world.name(n % 2))


async def amend(work: UnitOfWork, world: World, n: int, m: int) -> object:
    about: dict[str, Any] = {
        "session_id": world.office.session.id,
        "provider_id": world.name(n % 2),
    }
    return await work.early.park(
        ReactionReported(**about, at=world.at, done_at=world.at, emoji=world.name(m))
    )


async def take_early(work: UnitOfWork, world: World, n: int, m: int) -> object:
    taken = await work.early.take(world.office.session.id, world.name(n % 2))
    return [it.emoji for it in taken if isinstance(it, ReactionReported)]


STEPS: Final[dict[str, Step]] = {
    it.__name__: it
    for it in (
        *(obtain, learn, describe, merge, begin, hear, answer, track, hand_over, take),
        *(neglect, end, rate, beat, leave, fall_silent, revise, claim, disclaim, park, unpark),
        *(amend, take_early),
    )
}
