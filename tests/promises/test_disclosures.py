"""Writing, approving, publishing and showing disclosures."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.core.second_person import OwnWork, PastThatStep
from hearth.core.uploads import FileNotTaken
from hearth.organization.models import OrgUnit
from hearth.promises.models import AdverseFactor, Disclosure, Posting
from hearth.promises.services import (
    Factor,
    Shown,
    add_factor,
    approve_disclosure,
    attach_drawing,
    begin_disclosure,
    end_posting,
    post_disclosure,
    publish_disclosure,
    remove_factor,
    return_disclosure,
    submit_disclosure,
    write_disclosure,
)
from hearth.promises.services.disclosures import (
    AnnexNeeded,
    DisclosureIncomplete,
    EffectMissing,
    FactorUnplaced,
    NoFactorGiven,
    VersionBegun,
)
from hearth.promises.services.postings import PlaceMissing, ShownUnlikely
from tests.core.test_uploads import picture
from tests.exports.builders import actor_of
from tests.organization.builders import make_actor
from tests.promises.builders import (
    NOW,
    PARTS,
    SUBSTATION,
    TODAY,
    make_draft,
    make_published,
    make_second,
    make_submitted,
    make_writer,
)
from tests.properties.builders import make_project

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.mark.requirement("S46")
def test_a_version_goes_from_draft_over_a_second_person_to_the_public(company: OrgUnit) -> None:
    draft = make_draft(company)
    second = actor_of(make_second(company))

    submit_disclosure(draft, actor=actor_of(draft.author), now=NOW)
    approve_disclosure(draft, actor=second, now=NOW)
    row = publish_disclosure(draft, actor=actor_of(draft.author), now=NOW)

    types = EventRecord.objects.filter(type__startswith="promises.").order_by("position")
    assert (row.state, row.version, row.approved_by_id) == ("published", 1, second.user_id)
    assert list(types.values_list("type", flat=True)) == [
        "promises.disclosure_approved",
        "promises.disclosure_published",
    ]


@pytest.mark.requirement("S46")
def test_the_next_version_begins_with_the_parts_of_the_last_and_takes_its_place(company: OrgUnit) -> None:
    first = make_published(make_draft(company))

    second = begin_disclosure(first.project, first.kind, actor=actor_of(first.author), now=LATER)
    begun = (second.version, second.heading, second.signatory, second.factors.get().effect)
    write_disclosure(second, replace(PARTS, body="改"), actor=actor_of(second.author), now=LATER)
    make_published(second, now=LATER)

    first.refresh_from_db()
    second.refresh_from_db()
    assert begun == (2, PARTS.heading, "", SUBSTATION.effect)
    assert (first.state, first.superseded_at, first.body) == ("superseded", LATER, PARTS.body)
    assert (second.state, second.body) == ("published", "改")


def test_one_version_of_a_kind_is_written_at_a_time(company: OrgUnit) -> None:
    draft = make_draft(company)

    with pytest.raises(VersionBegun):
        begin_disclosure(draft.project, draft.kind, actor=actor_of(draft.author), now=NOW)
    other = begin_disclosure(draft.project, "pledge", actor=actor_of(draft.author), now=NOW)

    assert (other.version, Disclosure.objects.count()) == (1, 2)


def test_nobody_approves_what_they_wrote_not_even_past_the_service(company: OrgUnit) -> None:
    actor = make_actor(company, "promises.view", "promises.change", "promises.approve")
    row = begin_disclosure(make_project(company), "pledge", actor=actor, now=NOW)
    write_disclosure(row, PARTS, actor=actor, now=NOW)
    submit_disclosure(row, actor=actor, now=NOW)

    with pytest.raises(OwnWork):
        approve_disclosure(row, actor=actor, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.update(state="approved", approved_by=actor.user_id, approved_at=NOW)


@pytest.mark.parametrize("part", ["heading", "body", "closing", "signatory"])
def test_a_disclosure_is_submitted_with_all_of_its_parts(part: str, company: OrgUnit) -> None:
    draft = make_draft(company)
    parts = replace(PARTS, **{part: ""})  # type: ignore[arg-type]
    write_disclosure(draft, parts, actor=actor_of(draft.author), now=NOW)

    with pytest.raises(DisclosureIncomplete) as refused:
        make_submitted(draft)

    draft.refresh_from_db()
    assert (draft.state, len(draft.missing_parts)) == ("draft", 1)
    assert draft.missing_parts[0] in str(refused.value)


def test_adverse_factors_are_drawn_and_named_a_pledge_is_not(company: OrgUnit) -> None:
    draft, pledge = make_draft(company), make_draft(company, kind="pledge")
    remove_factor(draft.factors.get(), actor=actor_of(draft.author), now=NOW)

    with pytest.raises(NoFactorGiven):
        make_submitted(draft)
    Disclosure.objects.filter(pk=draft.pk).update(drawing=None)
    with pytest.raises(DisclosureIncomplete):
        make_submitted(draft)

    assert make_submitted(pledge).state == "submitted"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"effect": "  "}, EffectMissing),
        ({"distance": None}, FactorUnplaced),
        ({"direction": ""}, FactorUnplaced),
        ({"kind": "landfill"}, AnnexNeeded),
        ({"kind": "castle"}, DomainError),
        ({"side": "above"}, DomainError),
    ],
)
def test_a_factor_is_said_in_full(
    changes: dict[str, object], refusal: type[DomainError], company: OrgUnit
) -> None:
    draft = make_draft(company)

    with pytest.raises(refusal):
        add_factor(draft, replace(SUBSTATION, **changes), actor=actor_of(draft.author), now=NOW)  # type: ignore[arg-type]

    assert AdverseFactor.objects.count() == 1


def test_what_lies_inside_needs_no_distance_and_large_risks_stand_in_the_annex(company: OrgUnit) -> None:
    draft = make_draft(company)
    inside = Factor("on_site", "substation", "2栋北侧设开闭所。")
    risk = Factor("off_site", "landfill", "西侧2公里为填埋场。", is_in_annex=True)

    for factor in (inside, risk):
        add_factor(draft, factor, actor=actor_of(draft.author), now=NOW)

    assert draft.factors.count() == 3


def test_a_drawing_is_a_document_or_a_picture(company: OrgUnit) -> None:
    draft = make_draft(company)
    program = SimpleUploadedFile("plan.pdf", b"MZ\x90")

    with pytest.raises(FileNotTaken):
        attach_drawing(draft, program, actor=actor_of(draft.author), now=NOW)

    draft.refresh_from_db()
    assert draft.drawing is not None
    assert draft.drawing.name == "总平面图.pdf"


def test_what_was_submitted_is_changed_no_more_unless_it_is_sent_back(company: OrgUnit) -> None:
    draft = make_submitted(make_draft(company))
    writer = actor_of(draft.author)

    for act in (
        lambda: write_disclosure(draft, PARTS, actor=writer, now=NOW),
        lambda: add_factor(draft, SUBSTATION, actor=writer, now=NOW),
        lambda: remove_factor(draft.factors.get(), actor=writer, now=NOW),
        lambda: publish_disclosure(draft, actor=writer, now=NOW),
    ):
        with pytest.raises(PastThatStep):
            act()
    return_disclosure(draft, because="补充北侧道路", actor=actor_of(make_second(company)), now=NOW)

    row = write_disclosure(draft, PARTS, actor=writer, now=NOW)
    assert (row.state, row.returned_because) == ("draft", "补充北侧道路")


def test_rights_are_asked_at_the_place(company: OrgUnit, neighbour: OrgUnit) -> None:
    draft = make_submitted(make_draft(company))
    stranger, reader = actor_of(make_second(neighbour)), make_actor(company, "promises.view")

    for actor in (stranger, reader):
        with pytest.raises(NotAllowed):
            approve_disclosure(draft, actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        begin_disclosure(draft.project, "pledge", actor=actor_of(make_writer(neighbour)), now=NOW)
    with pytest.raises(NotAllowed):
        begin_disclosure(draft.project, "pledge", actor=Actor.system("test"), now=NOW)

    assert not Disclosure.objects.visible_to(stranger).exists()


@pytest.mark.requirement("S46")
def test_it_is_noted_where_a_version_is_shown_and_when_it_was_taken_down(company: OrgUnit) -> None:
    row = make_published(make_draft(company))
    writer = actor_of(row.author)
    photo = SimpleUploadedFile("公示栏.png", picture("PNG"))

    posting = post_disclosure(row, Shown("sales_office", "沙盘左侧", TODAY, photo), actor=writer, now=NOW)
    ended = end_posting(posting, actor=writer, now=LATER)

    assert posting.photo is not None
    assert (ended.since_date, ended.until_date) == (TODAY, date(2026, 4, 17))
    with pytest.raises(PastThatStep):
        end_posting(posting, actor=writer, now=LATER)


def test_nothing_is_shown_before_it_is_published_or_from_tomorrow_or_nowhere(company: OrgUnit) -> None:
    draft = make_draft(company)
    writer = actor_of(draft.author)

    with pytest.raises(PastThatStep):
        post_disclosure(draft, Shown("online", "官网", TODAY), actor=writer, now=NOW)
    make_published(draft)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(ShownUnlikely):
            post_disclosure(draft, Shown("online", "官网", day), actor=writer, now=NOW)
    with pytest.raises(PlaceMissing):
        post_disclosure(draft, Shown("online", " ", TODAY), actor=writer, now=NOW)

    assert Posting.objects.count() == 0
