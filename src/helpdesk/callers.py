"""Who may call us by webhook, as far as it is configured.

Only then does the api role need the broker: what a webhook tells is confirmed by it before we
answer.
"""

from importlib import import_module
from types import ModuleType
from typing import Final

from helpdesk.domain.usecases.forward_report import ForwardReport
from helpdesk.opening import Opening
from helpdesk.ports.webhook import Webhook
from helpdesk.settings import Settings

BRIDGES: Final = ("whatsapp.cloud",)  # those that are told things instead of asking


def are_configured(settings: Settings) -> bool:
    """Whether anybody may call."""
    return any(_provide(it).is_called(settings) for it in BRIDGES)


async def open_webhooks(opening: Opening, forward: ForwardReport) -> dict[str, Webhook]:
    """Make the webhook of each bridge that is called, by the bridge's name."""
    return {
        it: await _provide(it).open_webhook(opening, forward)
        for it in BRIDGES
        if _provide(it).is_called(opening.settings)
    }


def _provide(bridge: str) -> ModuleType:
    return import_module(f"helpdesk.adapters.{bridge}.provide")
