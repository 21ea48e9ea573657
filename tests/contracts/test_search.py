"""Searching messages: what people type in a hurry finds what others wrote with care."""

import pytest

from helpdesk.domain.ids import MessageId
from helpdesk.ports.board import Board
from tests.support.clock import after
from tests.support.office import Office


async def found(office: Office, board: Board, text: str, limit: int = 100) -> list[str]:
    """Search as Dora, over all pages."""
    texts: list[str] = []
    cursor = None
    while True:
        page = await board.search(office.dora, text, cursor=cursor, limit=limit)
        texts += [it.message.message.content.text for it in page.items]
        cursor = page.next
        if cursor is None:
            return texts
        assert len(page.items) == limit


async def write(office: Office, *texts: str) -> None:
    it = await office.attend()
    for minute, text in enumerate(texts):
        it, _ = await office.hear(it, text, at=after(minutes=minute))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Preciso de uma ação", "acao"),
        ("PRECISO DE UMA AÇÃO", "ação"),
        ("a acao", "AÇÃO"),
        ("Acão com til solto: a\u0303", "ã"),
        ("coração", "raca"),
        ("Über Straße", "uber"),
        ("Ñandú", "nandu"),
        ("número 42", "o 42"),
        ("日本語のテキスト", "本語"),
        ("ok 🎉 feito", "🎉"),
        ("duas\nlinhas", "linhas"),
    ],
)
async def test_accents_and_case_do_not_matter_and_parts_suffice(
    office: Office, board: Board, text: str, wanted: str
) -> None:
    await write(office, "something else", text)
    assert await found(office, board, wanted) == [text]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("100%", ["100% off"]),
        ("%", ["100% off"]),
        ("a_b", ["a_b"]),
        ("_", ["a_b"]),
        ("c\\d", ["c\\d"]),
        ("'; --", ["'; -- drop"]),
        ("a.b", []),
        ("&", ["x & y"]),
    ],
)
async def test_what_looks_like_a_pattern_is_meant_literally(
    office: Office, board: Board, wanted: str, expected: list[str]
) -> None:
    await write(office, "100% off", "100 off", "a_b", "axb", "c\\d", "'; -- drop", "x & y")
    assert await found(office, board, wanted) == expected


async def test_the_newest_comes_first_and_pages_show_everything_once(
    office: Office, board: Board
) -> None:
    await write(office, *(f"pedido {n}" for n in range(7)), "outro")
    expected = [f"pedido {n}" for n in range(6, -1, -1)]
    for limit in (1, 3, 7, 8):
        assert await found(office, board, "pedido", limit) == expected


async def test_what_is_written_while_one_turns_the_page_shifts_nothing(
    office: Office, board: Board
) -> None:
    await write(office, *(f"pedido {n}" for n in range(4)))
    first = await board.search(office.dora, "pedido", cursor=None, limit=2)
    it = await office.attend(at=after(hours=1))
    await office.hear(it, "pedido novo", at=after(hours=1))
    second = await board.search(office.dora, "pedido", cursor=first.next, limit=9)
    texts = [it.message.message.content.text for it in (*first.items, *second.items)]
    assert texts == ["pedido 3", "pedido 2", "pedido 1", "pedido 0"]


async def test_everything_is_searched_that_was_ever_said(office: Office, board: Board) -> None:
    it, heard = await office.hear(await office.attend(), "palavra do cliente", at=after(minutes=1))
    it, reply = await office.answer(it, office.ana, "palavra nossa", at=after(minutes=2))
    it, note = await office.note(it, office.ana, "palavra interna", at=after(minutes=3))
    it = await office.close(it)
    page = await board.search(office.dora, "palavra", cursor=None, limit=9)
    ids: list[MessageId] = [it.message.message.id for it in page.items]
    assert ids == [note.id, reply.id, heard.id]
    for hit in page.items:
        assert hit.attendance == await board.attendance(it.id)
        assert hit.message == await board.message(hit.message.message.id)


async def test_nothing_is_found_where_nothing_is(office: Office, board: Board) -> None:
    await write(office, "Olá")
    assert await found(office, board, "tchau") == []
