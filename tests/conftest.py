"""What every test shares."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from helpdesk.adapters.whatsapp.venom.programs import VenomError
from helpdesk.supervisor import collect_rarely
from tests.support.whatsapp_web.stage import PROGRAMS, Stage, open_stage

# Machines that run tests are busy: how long an example takes says nothing.
settings.register_profile("helpdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("helpdesk")


def pytest_collection_finish() -> None:
    """Four thousand tests are no garbage, and need not be looked through again and again."""
    collect_rarely()


@pytest.fixture(scope="session")
def whatsapp_programs() -> None:
    """Node, Chromium and venom-bot; what is missing is skipped, and fails where CI is set."""
    try:
        PROGRAMS.find_node()
        PROGRAMS.find_chromium()
        PROGRAMS.check_packages()
    except VenomError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def stage(whatsapp_programs: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """venom-bot on a stand-in for WhatsApp Web, kept from one test to the next."""
    with open_stage(tmp_path_factory.mktemp("whatsapp")) as it:
        yield it
