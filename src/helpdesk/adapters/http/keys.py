"""What a request finds in its application."""

from typing import Final

from aiohttp import web

from helpdesk.adapters.http.cases import Cases
from helpdesk.adapters.http.frames import Frames
from helpdesk.adapters.http.limits import Limits
from helpdesk.adapters.http.options import HttpOptions, Probes
from helpdesk.adapters.http.streams import Streams

CASES: Final = web.AppKey("cases", Cases)
OPTIONS: Final = web.AppKey("options", HttpOptions)
PROBES: Final = web.AppKey("probes", Probes)
LIMITS: Final = web.AppKey("limits", Limits)
STREAMS: Final = web.AppKey("streams", Streams)
FRAMES: Final = web.AppKey("frames", Frames)
