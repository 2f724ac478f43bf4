"""Deciding once more, with other plugins or rules, for the comparison alone: nothing is written or sent."""

from dataclasses import dataclass, replace

from vbdaemon.pipeline.codes import Codes, codes_of
from vbdaemon.pipeline.decide import DecideTask, decide, load
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.spool.store import Spool


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision in codes, and the snapshot that it was made under."""

    snapshot: str
    documents: tuple[Codes, ...]


@dataclass(frozen=True, slots=True)
class ShadowTask:
    """Decide about a submission of the spool as this task did, or would."""

    task: DecideTask

    def run(self, place: Workplace) -> Judged:
        """Only codes leave the worker; SpoolDamaged when the bytes are not what was stored."""
        spool = Spool(place.spool)
        submission = load(spool, self.task.submission, self.task.waivers)
        others = tuple(load(spool, each, ()) for each in self.task.beside)
        decision = decide(replace(submission, corrections=self.task.corrections), place, others)
        return Judged(place.snapshot.version, codes_of(decision))
