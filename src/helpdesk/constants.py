"""What use cases are told besides their ports: clocks, names, terms of the configuration."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from helpdesk.adapters.system import provide as system
from helpdesk.adapters.wire import correlation as causes
from helpdesk.adapters.wire import trail
from helpdesk.filing import Filing
from helpdesk.meters import Meters
from helpdesk.opening import Opening, abilities_in, bridges_here, is_bridge

SECTOR_NAMES: Final[Mapping[str, str]] = dict(
    zip(("pt-BR", "en", "es"), ("Atendimento", "Support", "Atención"), strict=True)
)


def constants_of(opening: Opening, meters: Meters) -> dict[str, object]:
    """By the names that the container has for them."""
    settings = opening.settings
    return {
        "now": system.now,
        "new_id": system.uuid7,
        "new_token": system.new_token,
        "draw": system.draw_qr,
        "passwords": system.passwords(),
        "correlation": causes.current,
        "way_here": trail.current,
        "process": opening.process,
        "care": settings.care,
        "alert_grace": timedelta(seconds=settings.alerts.grace_seconds),
        "watch": meters.watch,
        "lost": meters.lost,
        "silence": settings.silence.policy,
        "base_url": settings.http.base_url,
        "feedback_message": settings.feedback.message,
        "abilities": abilities_in(settings),
        "is_a_bridge": is_bridge,
        "bridges": bridges_here(settings),
        "bridge_name": settings.adapters.bridge,
        "sector_name": SECTOR_NAMES[settings.locale],
        "keep_feed": timedelta(hours=settings.retention.feed_hours),
        "filing": Filing.of(settings),
        "keep_claims": timedelta(days=settings.retention.claims_days),
        "keep_journeys": timedelta(days=settings.retention.journey_days),
    }
