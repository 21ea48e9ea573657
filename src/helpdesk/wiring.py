"""Use cases, wired to the ports that a process opens."""

from helpdesk.constants import constants_of
from helpdesk.container import UseCases, wired
from helpdesk.meters import Meters
from helpdesk.observed import ObservedBroker
from helpdesk.opening import Opening


async def use_cases(opening: Opening, *ports: str, meters: Meters | None = None) -> UseCases:
    """Wire the use cases to the given ports, opening them now; what they do is measured."""
    meters = meters or Meters()
    adapters: dict[str, object] = {name: await opening.port(name) for name in ports}
    if "broker" in adapters:
        adapters["broker"] = ObservedBroker(await opening.port("broker"), meters)
    constants = constants_of(opening, meters)
    return wired(adapters | constants)
