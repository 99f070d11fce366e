"""No order of commands breaks an invariant, and every way to come by a state gives the same one."""

from hypothesis import HealthCheck, settings

from tests.engine.machine import Workspace

TestWorkspace = Workspace.TestCase
TestWorkspace.settings = settings(
    max_examples=500,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
