"""Files that programs bring in: sent, looked through, corrected, written, taken back."""

from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.imports.models import ImportJob
from hearth.imports.wording import name_outcome
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.api.builders import Program, make_program, make_token
from tests.api.importing import CREATE_PROJECTS, HOMES, PEOPLE, TO_HOMES, TO_PEOPLE, do, lines_of, send, work
from tests.api.records import write_import
from tests.customers.builders import make_customer
from tests.organization.builders import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_file_is_sent_looked_through_written_and_taken_back(program: Program) -> None:
    sent = send(program)
    address, job_id = sent.headers["Location"].removeprefix("/api/v1"), sent.body["id"]
    program.patch(address, CREATE_PROJECTS)
    checked = do(program, job_id, "preview").body
    written_before = Unit.objects.count()
    done = do(program, job_id, "commit").body
    result = program.get(f"{address}/result.csv")
    written = Unit.objects.count()
    reverted = do(program, job_id, "revert").body
    report = program.get(f"{address}/revert.csv")

    assert (sent.status, sent.body["state"], sent.body["mapping"]["number"]["column"]) == (
        201,
        "uploaded",
        "房号",
    )
    assert (checked["state"], checked["total_rows"], checked["bad_rows"]) == ("checked", 3, 0)
    assert (written_before, written, Unit.objects.count()) == (0, 3, 0)
    assert (done["state"], done["created_rows"], done["has_result"]) == ("done", 3, True)
    assert result.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [line[:2] for line in lines_of(result)] == [
        ["row", "outcome"],
        ["2", "created"],
        ["3", "created"],
        ["4", "created"],
    ]
    assert (reverted["state"], reverted["reverted_rows"], reverted["has_report"]) == ("reverted", 3, True)
    assert [line[1] for line in lines_of(report)] == ["outcome", "reverted", "reverted", "reverted"]


def test_a_preview_tells_bad_rows_and_who_may_be_the_same_and_writes_nothing(
    company: OrgUnit, program: Program
) -> None:
    known = make_customer(company, phones=["13912345678"], name="林月")
    job_id = send(program, TO_PEOPLE, PEOPLE).body["id"]

    checked = do(program, job_id, "preview").body
    findings = program.get(f"/jobs/import/{job_id}/findings").body["data"]

    assert (checked["total_rows"], checked["bad_rows"], checked["finding_count"]) == (3, 1, 2)
    assert [(each["row"], each["code"], each["is_warning"]) for each in findings] == [
        (2, "same_person_phone", True),
        (4, "phone.too_short", False),
    ]
    assert findings[0]["candidate"] == {"id": str(known.pk), "number": known.number}
    assert findings[1]["candidate"] is None
    assert {each["code"]: each["findings"] for each in checked["findings"]}["same_person_phone"] == 1
    assert Customer.objects.count() == 1


def test_findings_are_narrowed_and_come_in_pages(company: OrgUnit, program: Program) -> None:
    make_customer(company, phones=["13912345678"], name="林月")
    job_id = send(program, TO_PEOPLE, PEOPLE).body["id"]
    do(program, job_id, "preview")

    bad = program.get(f"/jobs/import/{job_id}/findings", {"filter[is_warning][eq]": "false"}).body["data"]
    first = program.get(f"/jobs/import/{job_id}/findings", {"limit": 1}).body
    second = program.get(f"/jobs/import/{job_id}/findings", {"limit": 1, "cursor": first["page"]["next"]})

    assert [each["row"] for each in bad] == [4]
    assert [first["data"][0]["row"], second.body["data"][0]["row"]] == [2, 4]


def test_rows_with_problems_are_refused_unless_the_good_ones_alone_are_asked_for(program: Program) -> None:
    job_id = send(program, TO_PEOPLE, PEOPLE).body["id"]
    do(program, job_id, "preview")

    refused = program.post(f"/jobs/import/{job_id}/commit", {})
    done = do(program, job_id, "commit", {"good_rows_only": True}).body
    result = lines_of(program.get(f"/jobs/import/{job_id}/result.csv"))

    assert (refused.status, refused.code) == (422, "rows_have_problems")
    assert (done["state"], done["created_rows"]) == ("done", 2)
    assert [line[1] for line in result[1:]] == ["created", "created", "error"]
    assert str(Customer.objects.get(external_key="K1").pk) == result[1][2]
    assert result[3][3]


def test_what_somebody_touched_since_is_not_taken_back(program: Program) -> None:
    job_id = send(program, TO_PEOPLE, PEOPLE).body["id"]
    do(program, job_id, "preview")
    do(program, job_id, "commit", {"good_rows_only": True})
    touched = Customer.objects.get(external_key="K1")
    program.patch(f"/customers/{touched.pk}", {"note": "called"}, If_Match="*")

    reverted = do(program, job_id, "revert").body
    report = lines_of(program.get(f"/jobs/import/{job_id}/revert.csv"))

    assert (reverted["reverted_rows"], reverted["kept_rows"]) == (1, 1)
    assert report[1] == [
        "2",
        "kept",
        str(touched.pk),
        "Somebody has changed the record since; it stays as it is.",
    ]
    assert list(Customer.objects.all()) == [touched]


def test_whoever_may_not_change_the_kind_at_the_place_sends_and_sees_nothing(
    company: OrgUnit, program: Program
) -> None:
    job_id = write_import(company)
    importer = make_program(company, "imports.run")

    sent = send(importer)
    listed = importer.get("/jobs/import").body["data"]
    single = importer.get(f"/jobs/import/{job_id}")
    kinds = importer.get("/jobs/import/kinds").body["data"]

    assert (sent.status, sent.code) == (403, "not_allowed")
    assert (listed, single.status, kinds) == ([], 404, [])
    assert [each["id"] for each in program.get("/jobs/import").body["data"]] == [str(job_id)]


def test_an_import_elsewhere_is_not_there(company: OrgUnit, stranger: Program) -> None:
    job_id = write_import(company)

    answers = [
        stranger.get(f"/jobs/import/{job_id}"),
        stranger.get(f"/jobs/import/{job_id}/result.csv"),
        stranger.post(f"/jobs/import/{job_id}/preview", {}),
        stranger.get(f"/jobs/import/{uuid7()}"),
    ]

    assert [answered.status for answered in answers] == [404] * 4


def test_a_limited_token_does_no_more_by_a_worker_than_by_itself(company: OrgUnit) -> None:
    user = make_member(company, "imports.run", "customers.change", "customers.view", "properties.change")
    limited = Program(make_token(user, rights=["imports.run", "properties.change"]))
    job_id = send(limited).body["id"]
    limited.patch(f"/jobs/import/{job_id}", CREATE_PROJECTS)

    limited.post(f"/jobs/import/{job_id}/preview", {})
    queued = ProcrastinateJob.objects.get(task_name="imports.check")
    work()
    others = send(limited, TO_PEOPLE, PEOPLE)

    assert queued.args["rights"] == ["imports.run", "properties.change"]
    assert limited.get(f"/jobs/import/{job_id}").body["state"] == "checked"
    assert (others.status, others.code) == (403, "not_allowed")


def test_columns_and_options_are_set_and_others_stay(program: Program) -> None:
    sent = send(program, TO_PEOPLE, PEOPLE)
    address = f"/jobs/import/{sent.body['id']}"
    mapping = {
        **sent.body["mapping"],
        "source": {"constant": "walk_in"},
        "external_key": {"row_number": "F-"},
    }

    changed = program.patch(address, {"mapping": mapping, "options": {"update_known": True}})
    again = program.patch(address, {"options": {"update_known": False}})

    assert (changed.status, changed.body["options"]["update_known"]) == (200, True)
    assert changed.body["mapping"]["source"]["constant"] == "walk_in"
    assert changed.body["mapping"]["name"]["column"] == "姓名"
    assert again.body["mapping"] == changed.body["mapping"]
    assert again.body["options"]["update_known"] is False


@pytest.mark.parametrize(
    ("mapping", "pointer"),
    [
        ({"name": {"column": "Nope"}}, "/mapping/name"),
        ({"castle": {"column": "姓名"}}, "/mapping/castle"),
        ({"name": {}}, "/mapping/name"),
        ({"name": {"column": "姓名", "constant": "x"}}, "/mapping/name"),
        ({"name": {"colour": "x"}}, "/mapping/name/colour"),
    ],
)
def test_a_mapping_that_makes_no_sense_points_at_the_field(
    program: Program, mapping: dict[str, Any], pointer: str
) -> None:
    job_id = send(program, TO_PEOPLE, PEOPLE).body["id"]

    answered = program.patch(f"/jobs/import/{job_id}", {"mapping": mapping})

    assert answered.status == 422
    assert answered.body["errors"][0]["pointer"] == pointer


def test_a_required_field_without_a_column_is_refused_at_the_preview(program: Program) -> None:
    job_id = send(program, TO_PEOPLE, PEOPLE).body["id"]
    program.patch(f"/jobs/import/{job_id}", {"mapping": {"phones": {"column": "手机"}}})

    answered = program.post(f"/jobs/import/{job_id}/preview", {})

    assert (answered.status, answered.code) == (422, "fields_not_mapped")
    assert program.get(f"/jobs/import/{job_id}").body["state"] == "uploaded"


def test_a_step_out_of_turn_is_a_conflict(program: Program) -> None:
    job_id = send(program).body["id"]

    answers = [
        program.post(f"/jobs/import/{job_id}/{step}", {}) for step in ("commit", "pause", "resume", "revert")
    ]

    assert [(each.status, each.code) for each in answers] == [(409, "wrong_import_state")] * 4
    assert program.get(f"/jobs/import/{job_id}/result.csv").status == 404
    assert program.get(f"/jobs/import/{job_id}/revert.csv").status == 404


def test_writing_is_paused_goes_on_and_is_given_up(program: Program) -> None:
    job_id = send(program).body["id"]
    program.patch(f"/jobs/import/{job_id}", CREATE_PROJECTS)
    do(program, job_id, "preview")
    program.post(f"/jobs/import/{job_id}/commit", {})

    paused = do(program, job_id, "pause").body
    written = Unit.objects.count()
    done = do(program, job_id, "resume").body
    given_up = do(program, send(program, TO_PEOPLE, PEOPLE).body["id"], "cancel").body

    assert (paused["state"], paused["progress"], written) == ("paused", None, 0)
    assert (done["state"], done["created_rows"]) == ("done", 3)
    assert given_up["state"] == "cancelled"


def test_the_same_file_is_written_once(program: Program) -> None:
    first, second = (send(program).body["id"] for _ in range(2))
    for job_id in (first, second):
        program.patch(f"/jobs/import/{job_id}", CREATE_PROJECTS)
        do(program, job_id, "preview")
    do(program, first, "commit")

    again = program.post(f"/jobs/import/{second}/commit", {})

    assert (again.status, again.code) == (422, "already_imported")
    assert Unit.objects.count() == 3


def test_a_file_sent_again_with_its_key_is_one_import(program: Program) -> None:
    first = send(program, Idempotency_Key="homes of March")
    again = send(program, Idempotency_Key="homes of March")
    other = send(program, TO_HOMES, f"{HOMES}\n", Idempotency_Key="homes of March")

    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    assert ImportJob.objects.count() == 1


def test_who_has_the_state_already_is_not_sent_it_again(program: Program) -> None:
    job_id = send(program).body["id"]
    known = program.get(f"/jobs/import/{job_id}").headers["ETag"]

    same = program.get(f"/jobs/import/{job_id}", If_None_Match=known)
    program.patch(f"/jobs/import/{job_id}", CREATE_PROJECTS)
    changed = program.get(f"/jobs/import/{job_id}", If_None_Match=known)

    assert (same.status, same.body, same.headers["ETag"]) == (304, None, known)
    assert changed.status == 200
    assert changed.headers["ETag"] != known


def test_progress_gives_another_tag(program: Program) -> None:
    job_id = send(program).body["id"]
    program.patch(f"/jobs/import/{job_id}", CREATE_PROJECTS)
    program.post(f"/jobs/import/{job_id}/preview", {})
    before = program.get(f"/jobs/import/{job_id}")
    ImportJob.objects.filter(pk=job_id).update(processed_rows=2)

    after = program.get(f"/jobs/import/{job_id}", If_None_Match=before.headers["ETag"])

    assert (before.body["state"], before.body["progress"]["done"]) == ("checking", 0)
    assert (after.status, after.body["progress"]["done"], after.body["progress"]["percent"]) == (200, 2, 67)


def test_a_change_of_a_version_that_is_no_more_is_refused(program: Program) -> None:
    job_id = send(program).body["id"]
    address, known = (
        f"/jobs/import/{job_id}",
        program.get(f"/jobs/import/{job_id}").headers["ETag"],
    )

    first = program.patch(address, CREATE_PROJECTS, If_Match=known)
    second = program.patch(address, {"options": {"create_projects": False}}, If_Match=known)

    assert first.status == 200
    assert (second.status, second.code) == (412, "version_changed")
    assert second.body["current"]["options"]["create_projects"] is True


def test_bulk_work_is_counted_apart(company: OrgUnit, settings: LazySettings) -> None:
    settings.API_BULK_REQUESTS_PER_MINUTE = 1
    program = make_program(company)
    answers = [program.get("/jobs/import") for _ in range(3)]

    usual = program.get("/me")

    assert answers[0].headers["RateLimit-Policy"] == '"bulk";q=1;w=60'
    assert 429 in {answered.status for answered in answers}
    assert (usual.status, usual.headers["RateLimit-Policy"]) == (200, '"default";q=600;w=60')


def test_a_batch_holds_no_jobs_over_files(company: OrgUnit, program: Program) -> None:
    job_id = write_import(company)
    operations = [{"method": "GET", "path": f"/jobs/import/{job_id}/result.csv"}]

    answered = program.post("/batch", {"operations": operations})

    assert answered.body["results"][0]["status"] == 404


def test_kinds_name_the_fields_that_a_column_can_fill(program: Program) -> None:
    kinds = {each["code"]: each for each in program.get("/jobs/import/kinds").body["data"]}

    fields = {field["name"]: field for field in kinds["customers"]["fields"]}
    assert fields["name"]["is_required"] is True
    assert "walk_in" in fields["source"]["choices"]
    assert {option["name"] for option in kinds["units"]["options"]} >= {"create_projects"}


def test_who_brought_a_file_in_is_told_by_the_stream(program: Program) -> None:
    job_id = send(program).body["id"]
    program.patch(f"/jobs/import/{job_id}", CREATE_PROJECTS)
    do(program, job_id, "preview")
    do(program, job_id, "commit")

    told = EventRecord.objects.get(type="imports.file_imported")
    assert (str(told.subject_id), told.actor_kind) == (job_id, "import")
    assert told.actor_id == program.get("/me").body["user_id"]


def test_the_words_of_a_result_are_told_apart_in_every_language() -> None:
    words = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            words += [name_outcome(code) for code in ("created", "updated", "linked", "skipped", "error")]

    assert len(set(words)) == len(words)
