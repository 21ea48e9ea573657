"""A message that nobody can store is put aside, the others flow, and it is cured by a replay."""

import random
from pathlib import Path
from typing import Final

from tests.faults.storm import SETTINGS, entering
from tests.support.desk import Json, eventually
from tests.support.split import split

LONG: Final = 60.0  # seconds; nothing is judged by its speed
ATTEMPTS: Final = 3
POISON: Final = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text LIKE 'poison%' THEN RAISE EXCEPTION 'a bug'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poison BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION poison();
"""


async def test_a_poison_message_is_put_aside_and_replayed_when_it_is_cured(tmp_path: Path) -> None:
    settings = {**SETTINGS, "HELPDESK__AMQP__ATTEMPTS": str(ATTEMPTS)}
    async with (
        split(tmp_path, api=1, consumer=1, bot=1, **settings) as its,
        entering(its, tmp_path, random.Random(4)) as visitor,
    ):
        desk = await visitor.desk()
        ill, well = visitor.phone("+5511900000001"), visitor.phone("+5511900000002")
        await its.do(POISON)
        await ill.writes("poison")
        await well.writes("one")
        await ill.writes("after the poison")

        async def letters() -> list[Json]:
            return await desk.items("/v1/dead-letters")

        [letter] = await eventually(letters, patience=LONG)
        assert letter["queue"] == "inbound"
        assert letter["attempts"] == ATTEMPTS
        assert letter["reason"]
        assert letter["error"] == "RaiseError"
        for phone, text in ((well, "one"), (ill, "after the poison")):
            attendance = await desk.attendance_of(phone.number)
            assert [it["text"] for it in await desk.messages(attendance["id"])] == [text]

        await its.do("DROP TRIGGER poison ON message")
        await desk.post(f"/v1/dead-letters/{letter['id']}/replay")
        attendance = await desk.attendance_of(ill.number)

        async def texts() -> list[str]:
            return [it["text"] for it in await desk.messages(attendance["id"])]

        await eventually(texts, lambda them: them == ["after the poison", "poison"], patience=LONG)
        await eventually(letters, lambda them: them == [], patience=LONG)
