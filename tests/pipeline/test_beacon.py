"""What a worker shows of itself without a message, and what it keeps from our log."""

import logging
import multiprocessing
import time

from vbdaemon.pipeline.beacon import Beacon, BeaconWatch, Call
from vbdaemon.pipeline.calls import Caller
from vbdaemon.pipeline.worker import hush
from vbdaemon.registry import Plugin


def watch() -> tuple[Beacon, BeaconWatch]:
    beacon = Beacon(multiprocessing.get_context("forkserver"))
    return beacon, BeaconWatch(beacon)


def test_a_call_is_seen_while_it_lasts_and_since_when():
    beacon, here = watch()
    here.know([("read", "read"), ("odd", "check")])
    assert beacon.call() is None
    before = time.monotonic()
    here.enter("odd", "check")
    call = beacon.call()
    assert isinstance(call, Call)
    assert here.calls[call.index] == ("odd", "check")
    assert before <= call.since <= time.monotonic()
    here.leave()
    assert beacon.call() is None


def test_the_numbers_of_the_calls_stay_as_the_parent_was_told_them():
    beacon, here = watch()
    here.know([("a", "read"), ("b", "read"), ("a", "read")])
    here.know([("b", "read"), ("c", "check")])
    assert here.calls == [("a", "read"), ("b", "read"), ("c", "check")]
    for number, (plugin, hook) in enumerate(list(here.calls)):
        here.enter(plugin, hook)
        assert beacon.call().index == number


def test_the_first_call_is_not_taken_for_idleness():
    beacon, here = watch()
    here.enter("a", "read")
    assert beacon.call().index == 0


def test_every_call_is_counted_with_its_failures_and_those_in_a_row():
    _, here = watch()
    here.know([("odd", "check"), ("odd", "judge")])
    for failed in (True, False, True, True):
        here.enter("odd", "check")
        here.leave(failed=failed)
    here.enter("odd", "judge")
    here.leave()
    told = here.counter.take()
    plugin = Plugin("odd", "7", builtin=False, hooks=("check", "judge"))
    check, judge = Caller(tuple(here.calls), (plugin,)).summed(told)
    assert (check.plugin, check.hook, check.calls, check.failures, check.run) == ("odd", "check", 4, 3, 2)
    assert check.seconds > 0
    assert check.went_well
    assert (judge.hook, judge.calls, judge.run, judge.version) == ("judge", 1, 0, "7")
    assert here.counter.take() == ()


def test_parsers_words_never_reach_our_log(caplog):
    """They quote documents and certificates."""
    hush(("loud_parser",))
    logging.getLogger("loud_parser.page").error("PHƯƠNG ÁN PHÒNG THỦ")
    assert caplog.records == []
