"""What every test shares."""

from hypothesis import HealthCheck, settings

# Machines that run tests are busy: how long an example takes says nothing.
settings.register_profile("helpdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("helpdesk")
