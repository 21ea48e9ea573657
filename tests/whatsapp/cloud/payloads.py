"""Webhooks as Meta documents them, one of each type, written by hand."""

import json
from typing import Any, Final

from helpdesk.adapters.whatsapp.cloud.hostile import Json
from helpdesk.domain.ids import SessionId
from tests.support.graph.phones import ACCOUNT, NUMBER, value, webhook
from tests.support.phone_peer import SESSION

ANA: Final = "5511987654321"
AT: Final = "1767268800"
MEDIA: Final = {"id": "1166", "mime_type": "image/jpeg", "sha256": "0" * 43 + "="}

MESSAGES: Final[dict[str, Json]] = {
    "text": {"text": {"body": "Olá"}},
    "image": {"image": MEDIA | {"caption": "foto"}},
    "video": {"video": MEDIA | {"mime_type": "video/mp4"}},
    "document": {"document": MEDIA | {"filename": "nota.pdf", "mime_type": "application/pdf"}},
    "audio": {"audio": MEDIA | {"mime_type": "audio/ogg; codecs=opus", "voice": True}},
    "voice": {"voice": MEDIA | {"mime_type": "audio/ogg"}},
    "sticker": {"sticker": MEDIA | {"mime_type": "image/webp"}},
    "location": {"location": {"latitude": -23.5, "longitude": -46.6, "name": "Loja"}},
    "contacts": {
        "contacts": [
            {"name": {"formatted_name": "Rui"}, "phones": [{"phone": "+55 11 98888-7777"}]},
        ]
    },
    "reaction": {"reaction": {"message_id": "wamid.0", "emoji": "👍"}},
    "button": {"button": {"text": "Sim", "payload": "yes"}},
    "interactive.button_reply": {
        "interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "Sim"}}
    },
    "interactive.list_reply": {
        "interactive": {
            "type": "list_reply",
            "list_reply": {"id": "1", "title": "Azul", "description": "escuro"},
        }
    },
    "interactive.nfm_reply": {
        "interactive": {
            "type": "nfm_reply",
            "nfm_reply": {"body": "Sent", "response_json": '{"flow_token":"x","nome":"Ana"}'},
        }
    },
    "order": {
        "order": {
            "text": "por favor",
            "product_items": [
                {
                    "product_retailer_id": "A1",
                    "quantity": 2,
                    "item_price": 9.5,
                    "currency": "BRL",
                }
            ],
        }
    },
    "system": {
        "system": {
            "type": "user_changed_number",
            "customer": ANA,
            "wa_id": "5511911112222",
            "body": "changed",
        }
    },
    "edit": {
        "edit": {
            "original_message_id": "wamid.0",
            "message": {"type": "text", "text": {"body": "b"}},
        }
    },
    "revoke": {"revoke": {"original_message_id": "wamid.0"}},
    "unsupported": {"errors": [{"code": 131051, "title": "Message type unknown"}]},
    "unknown": {"errors": [{"code": 131051, "title": "Unsupported message type"}]},
    "hologram": {"hologram": {"id": "1"}},
}


class Known:
    """One number, one account."""

    def of_number(self, id: str) -> SessionId | None:
        return SESSION if id == NUMBER else None

    def of_account(self, id: str) -> tuple[SessionId, ...]:
        return (SESSION,) if id == ACCOUNT else ()


def a_message(kind: str, **changes: Any) -> Json:
    it = {"from": ANA, "id": f"wamid.{kind}", "timestamp": AT, "type": kind.partition(".")[0]}
    return {name: v for name, v in (it | MESSAGES[kind] | changes).items() if v is not None}


def of_messages(*messages: Json, contacts: list[Json] | None = None) -> Json:
    people = [{"profile": {"name": "Ana"}, "wa_id": ANA}] if contacts is None else contacts
    return webhook(value(contacts=people, messages=list(messages)))


def of_status(**properties: Any) -> Json:
    it = {"id": "wamid.ours", "status": "delivered", "timestamp": AT, "recipient_id": ANA}
    return webhook(value(statuses=[it | properties]))


def body(of: Json) -> bytes:
    return json.dumps(of).encode()
