"""What every test may use. The process that hands the tests out to others needs none of it, and loads no framework."""

import collections

import pytest

# In this order: how Keras is loaded comes first.
SHARED = ("loading", "quick", "needs", "surroundings", "games")


def pytest_configure(config):
    hands_out = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    for name in () if hands_out else SHARED:
        config.pluginmanager.import_plugin(f"tests.{name}")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    """One line of what was left out, and why."""
    if config.option.markexpr == "not long":
        terminalreporter.write_line("Left out, as long: sweeps whose cases quick tests stand for; `make test-long`.")
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])]
    if reasons:
        counted = sorted(collections.Counter(reasons).items())
        parts = [f"{count} {'test needs' if count == 1 else 'tests need'} {what}" for what, count in counted]
        terminalreporter.write_line(f"Left out, as not on this machine: {'; '.join(parts)}.")
