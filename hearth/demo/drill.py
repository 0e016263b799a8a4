"""The privacy drill: a person is invented in every app, given out, erased and looked for, and nothing of it stays."""

import io
import json
import logging
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation

from hearth.core.attribution import attributed_to_system
from hearth.core.log_lines import MaskedLines
from hearth.demo.drilling.inventing import invent_person
from hearth.demo.drilling.person import ACTOR, InventedPerson
from hearth.privacy.models import Erasure
from hearth.privacy.services import digest_of, erase_person, pack_person, sync_purposes
from hearth.privacy.traces import Trace, find_traces


@dataclass(frozen=True)
class Drill:
    """What a drill found: rows given out and erased by kind, what was left, words that the package did not hold."""

    before: Sequence[Trace]
    given: dict[str, int]
    missing: Sequence[str]
    erased: dict[str, int]
    kept: dict[str, int]
    left: Sequence[Trace]
    is_proof_good: bool

    @property
    def is_passed(self) -> bool:
        return bool(self.before) and not (self.left or self.missing) and self.is_proof_good

    def lines(self) -> Iterator[str]:
        """Tell it in words."""
        yield f"An invented person stood in {len(self.before)} tables, columns and files."
        yield f"Given out: {sum(self.given.values())} rows of {len(self.given)} kinds."
        for word in self.missing:
            yield f"  MISSING in what was given out: {word}"
        yield f"Erased: {sum(self.erased.values())} rows of {len(self.erased)} kinds:"
        for code, number in sorted(self.erased.items()):
            yield f"  {number:>4}  {code}"
        yield "Kept by law, without a name: " + (
            ", ".join(f"{number} {code}" for code, number in sorted(self.kept.items())) or "nothing"
        )
        yield "The proof of the erasure " + ("holds." if self.is_proof_good else "DOES NOT HOLD.")
        for trace in self.left:
            yield f"  LEFT in {trace.place}: {trace.number}"
        yield "PASSED: no trace is left." if self.is_passed else "FAILED."


class _TakenBack(Exception):
    """Ends the transaction, so that nothing of the drill stays."""


def drill() -> Drill:
    """Hold the drill on this installation, in a transaction that is taken back.

    :raises ErasureMustWait: if an import, an export or a snapshot is under way
    """
    found: list[Drill] = []
    invented: list[InventedPerson] = []
    try:
        with (
            attributed_to_system("drill"),
            translation.override("zh-hans"),
            transaction.atomic(),
            heard() as log,
        ):
            sync_purposes()
            invented.append(invent_person(now=timezone.now()))
            found.append(_hold(invented[0], log))
            raise _TakenBack
    except _TakenBack:
        return found[0]
    finally:
        for person in invented:
            person.forget_files()


@contextmanager
def heard() -> Iterator[io.StringIO]:
    """Note the lines that this process writes to its log meanwhile, as they are written."""
    root, written = logging.getLogger(), io.StringIO()
    listener = logging.StreamHandler(written)
    listener.setFormatter(MaskedLines())
    root.addHandler(listener)
    try:
        yield written
    finally:
        root.removeHandler(listener)


def _told(log: io.StringIO, words: Collection[str]) -> list[Trace]:
    number = sum(any(word in line for word in words) for line in log.getvalue().splitlines())
    return [Trace("log", number)] if number else []


def _hold(person: InventedPerson, log: io.StringIO) -> Drill:
    before = find_traces(person.words)
    package = io.BytesIO()
    given = pack_person(person.customer, package, actor=ACTOR, now=person.now)
    proof = erase_person(person.customer, actor=ACTOR, now=person.now)
    return Drill(
        before=before,
        given=given,
        missing=_words_not_in(package, person),
        erased=proof.erased,
        kept=proof.kept,
        left=[*find_traces(person.words), *_told(log, person.words)],
        is_proof_good=_is_good(proof, person),
    )


def _words_not_in(package: io.BytesIO, person: InventedPerson) -> list[str]:
    """Name the words of the person that the package should hold and does not."""
    with zipfile.ZipFile(package) as archive:
        text = archive.read("person.json").decode()
        page = archive.read("index.html").decode()
    json.loads(text)
    return sorted(word for word in person.words if word not in text or word not in page)


def _is_good(proof: Erasure, person: InventedPerson) -> bool:
    kept = Erasure.objects.get(pk=proof.pk)
    told = json.dumps([kept.erased, kept.kept])
    return digest_of(kept) == kept.digest and not any(word in told for word in person.words)
