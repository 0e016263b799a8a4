"""Addresses of disclosures and promises."""

from django.urls import path

from hearth.promises.views import disclosures, ledger, told

app_name = "promises"
urlpatterns = [
    path("", ledger.promise_list, name="promises"),
    path("new/", ledger.new_promise, name="new_promise"),
    path("<uuid:promise_id>/", ledger.promise, name="promise"),
    path("<uuid:promise_id>/change/", ledger.change, name="change_promise"),
    path("<uuid:promise_id>/homes/", ledger.cover, name="cover_homes"),
    path("<uuid:promise_id>/homes/<uuid:building_id>/remove/", ledger.uncover, name="uncover_homes"),
    path("<uuid:promise_id>/files/", ledger.attach, name="attach_evidence"),
    path("<uuid:promise_id>/outcomes/", ledger.say, name="say_outcome"),
    path("<uuid:promise_id>/cases/", ledger.cases, name="open_cases"),
    path("files/<uuid:file_id>/", ledger.evidence, name="promise_file"),
    path("outcomes/<uuid:outcome_id>/confirm/", ledger.confirm, name="confirm_outcome"),
    path("outcomes/<uuid:outcome_id>/return/", ledger.send_back, name="return_outcome"),
    path("outcomes/<uuid:outcome_id>/file/", ledger.proof, name="outcome_file"),
    path("disclosures/", disclosures.disclosure_list, name="disclosures"),
    path("disclosures/new/", disclosures.new_disclosure, name="new_disclosure"),
    path("disclosures/<uuid:disclosure_id>/", disclosures.disclosure, name="disclosure"),
    path("disclosures/<uuid:disclosure_id>/write/", disclosures.write, name="write_disclosure"),
    path("disclosures/<uuid:disclosure_id>/drawing/", disclosures.draw, name="draw_disclosure"),
    path("disclosures/<uuid:disclosure_id>/drawing/file/", disclosures.drawing, name="drawing"),
    path("disclosures/<uuid:disclosure_id>/factors/", disclosures.add, name="add_factor"),
    path("factors/<uuid:factor_id>/remove/", disclosures.remove, name="remove_factor"),
    path("disclosures/<uuid:disclosure_id>/submit/", disclosures.submit, name="submit_disclosure"),
    path("disclosures/<uuid:disclosure_id>/approve/", disclosures.approve, name="approve_disclosure"),
    path("disclosures/<uuid:disclosure_id>/return/", disclosures.send_back, name="return_disclosure"),
    path("disclosures/<uuid:disclosure_id>/publish/", disclosures.publish, name="publish_disclosure"),
    path("disclosures/<uuid:disclosure_id>/postings/", disclosures.post, name="post_disclosure"),
    path("postings/<uuid:posting_id>/end/", disclosures.end, name="end_posting"),
    path("postings/<uuid:posting_id>/photo/", disclosures.photo, name="posting_photo"),
    path("disclosures/<uuid:disclosure_id>/buyers/", told.buyers, name="acknowledgements"),
    path("acknowledgements/<uuid:acknowledgement_id>/file/", told.evidence, name="evidence"),
    path("contracts/<uuid:contract_id>/", told.contract, name="told"),
]
