"""Files through the API of a real server."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import aiohttp

from tests.support.desk import Api, Desk, Json, Phone
from tests.support.refused import RefusedError


async def send(
    desk: Desk, attendance: str, files: Sequence[tuple[str, bytes]], *, key: str = ""
) -> list[Json]:
    """Send files, each with its caption."""
    data = aiohttp.FormData()
    for caption, content in files:
        data.add_field("caption", caption)
        data.add_field("file", BytesIO(content), filename=f"{caption or 'a'}.bin")
    path = f"/v1/attendances/{attendance}/media"
    sent: list[Json] = (await _post(desk, path, data, key))["items"]
    return sent


async def shoot(phone: Phone, content: bytes, *, kind: str = "image", caption: str = "") -> Json:
    """Send a file from a phone."""
    data = aiohttp.FormData()
    data.add_field("kind", kind)
    data.add_field("caption", caption)
    data.add_field("file", BytesIO(content), filename="a.bin")
    said: Json = await _post(phone, f"/simulator/phones/{phone.number}/messages", data, "")
    return said


async def _post(api: Api, path: str, data: aiohttp.FormData, key: str) -> Any:
    headers = {"Authorization": f"Bearer {api.token}"} if api.token else {}
    if key:
        headers["Idempotency-Key"] = key
    async with api.http.post(f"{api.url}{path}", data=data, headers=headers) as answer:
        if answer.status >= 400:
            raise RefusedError(answer.status, await answer.json(content_type=None), None)
        return await answer.json()
