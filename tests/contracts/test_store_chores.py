"""What is to be done with files: due, taken, done, and never forgotten."""

from dataclasses import replace

from helpdesk.domain.attachment import content_of
from helpdesk.domain.file import Blob, MediaKind, Recognised, StoredFile
from helpdesk.domain.ids import MediaId, MessageId
from helpdesk.domain.media import Media
from helpdesk.domain.message import Kind, Message
from helpdesk.ports.chores import Chore, Task
from helpdesk.ports.store import Store
from tests.support.builders import a_session, fresh
from tests.support.clock import NOON, after
from tests.support.office import Office

LATER = after(hours=1)
JPEG = Recognised(kind=MediaKind.IMAGE, mime="image/jpeg")


def a_file(number: int) -> Media:
    blob = Blob(sha256=f"{number:064x}", size=number)
    return Media.of_file(MediaId(fresh()), StoredFile(blob=blob, recognised=JPEG, name="a.jpg"))


async def a_photo(office: Office, number: int = 1, *, at: int = 0) -> Message:
    """Let a client's message have a file."""
    _, it = await office.hear(await office.attend(), at=after(minutes=at))
    photo = replace(it, content=content_of(a_file(number), it.content.text))
    await office.keep(photo)
    return photo


async def schedule(store: Store, *messages: Message, minutes: int = 0) -> None:
    async with store.transaction() as work:
        for it in messages:
            await work.chores.schedule(Chore.FETCH, it, due_at=after(minutes=minutes))


async def take(
    store: Store, *, limit: int = 9, in_flight: int | None = None, **more: int
) -> list[Task]:
    at = after(**more)
    async with store.transaction() as work:
        session = (await work.sessions.all())[0].id if in_flight is not None else None
        return await work.chores.take(
            Chore.FETCH, session=session, at=at, until=LATER, limit=limit, in_flight=in_flight
        )


async def test_what_is_due_is_taken_longest_first(office: Office, store: Store) -> None:
    one, two, three = [await a_photo(office, it) for it in range(3)]
    await schedule(store, one, minutes=2)
    await schedule(store, two, minutes=1)
    await schedule(store, three, minutes=9)
    taken = await take(store, minutes=5)
    assert [it.message_id for it in taken] == [two.id, one.id]
    assert await take(store, minutes=5) == []


async def test_what_was_taken_and_left_is_due_again(office: Office, store: Store) -> None:
    one = await a_photo(office)
    await schedule(store, one)
    assert await take(store) == [Task(message_id=one.id, times=1)]
    assert await take(store, minutes=59) == []
    assert await take(store, hours=1) == [Task(message_id=one.id, times=2)]
    await schedule(store, one)
    assert await take(store) == [Task(message_id=one.id, times=1)]


async def test_what_is_done_is_forgotten(office: Office, store: Store) -> None:
    one = await a_photo(office)
    await schedule(store, one)
    async with store.transaction() as work:
        assert await work.chores.next_due(Chore.CONVERT) is None
        assert await work.chores.next_due(Chore.FETCH) == NOON
        await work.chores.end(Chore.FETCH, one.id)
        await work.chores.end(Chore.FETCH, one.id)
        assert await work.chores.next_due(Chore.FETCH) is None
    assert await take(store) == []


async def test_what_is_taken_is_not_next(office: Office, store: Store) -> None:
    one, two = await a_photo(office, 1), await a_photo(office, 2)
    await schedule(store, one)
    await take(store)
    await schedule(store, two, minutes=7)
    async with store.transaction() as work:
        assert await work.chores.next_due(Chore.FETCH) == after(minutes=7)


async def test_only_so_many_are_taken_at_once(office: Office, store: Store) -> None:
    await schedule(store, *[await a_photo(office, it) for it in range(5)])
    assert len(await take(store, limit=2)) == 2
    assert len(await take(store, in_flight=3)) == 1
    assert await take(store, in_flight=3) == []
    assert len(await take(store, in_flight=3, hours=2)) == 3  # those who took them are gone


async def test_another_session_s_files_are_left_to_it(office: Office, store: Store) -> None:
    other = a_session()
    await office.keep(other)
    one = await a_photo(office)
    await schedule(store, one)
    async with store.transaction() as work:
        taken = await work.chores.take(
            Chore.FETCH, session=other.id, at=NOON, until=LATER, limit=9, in_flight=9
        )
    assert taken == []


async def test_what_one_takes_the_other_does_not(office: Office, store: Store) -> None:
    one, two = await a_photo(office, 1), await a_photo(office, 2)
    await schedule(store, one, two)
    async with store.transaction() as work:
        first = await work.chores.take(Chore.FETCH, at=NOON, until=LATER, limit=1)
        async with store.transaction() as other:
            second = await other.chores.take(Chore.FETCH, at=NOON, until=LATER, limit=9)
    assert {it.message_id for it in first + second} == {one.id, two.id}
    assert len(first) == len(second) == 1


async def test_a_file_leads_to_its_message(office: Office, store: Store) -> None:
    one = await a_photo(office)
    assert one.content.media
    async with store.transaction() as work:
        assert await work.chores.message_of(one.content.media.id) == one
        assert await work.chores.message_of(MediaId(fresh())) is None


async def test_bytes_are_in_use_as_long_as_a_message_needs_them(
    office: Office, store: Store
) -> None:
    one, two, same = [await a_photo(office, it) for it in (1, 2, 1)]
    keys = [f"{it:064x}" for it in range(4)]
    async with store.transaction() as work:
        assert await work.chores.in_use(keys) == {keys[1], keys[2]}
    assert one.content.media
    await office.keep(replace(one, content=content_of(one.content.media.remove(), "")))
    async with store.transaction() as work:
        assert await work.chores.in_use(keys) == {keys[1], keys[2]}
    assert same.content.media
    await office.keep(replace(same, content=content_of(same.content.media.remove(), "")))
    async with store.transaction() as work:
        assert await work.chores.in_use(keys) == {keys[2]}
        assert await work.chores.in_use([]) == set()
    assert two.content.media


async def test_old_files_are_found_oldest_first(office: Office, store: Store) -> None:
    late, early = await a_photo(office, 1, at=2), await a_photo(office, 2, at=1)

    async def found(limit: int = 9, **before: int) -> list[MessageId]:
        async with store.transaction() as work:
            return await work.chores.outdated(Kind.IMAGE, before=after(**before), limit=limit)

    assert await found(minutes=9) == [early.id, late.id]
    assert await found(limit=1, minutes=9) == [early.id]
    assert await found(minutes=2) == [early.id]
    assert early.content.media
    await office.keep(replace(early, content=content_of(early.content.media.remove(), "")))
    assert await found(minutes=9) == [late.id]


async def test_a_secret_is_made_once(store: Store) -> None:
    async with store.transaction() as work:
        assert await work.chores.secret("key", b"one") == b"one"
    async with store.transaction() as work:
        assert await work.chores.secret("key", b"two") == b"one"
        assert await work.chores.secret("other", b"two") == b"two"
