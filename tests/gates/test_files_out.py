"""Every place that gives a file away is named here, with its mark or with why it carries none.

Files of customers' data in bulk are marked and may need a second person; a new way out fails until it is named.
"""

import re

from tests.gates.tree import list_modules, name_of, read_text

GIVING = re.compile(r"\b(?:FileResponse|FileReply|StreamingHttpResponse)\(|Content-Disposition")
WAYS = {
    "hearth/exports/views.py": "marked by the export",
    "hearth/api/v1/exports.py": "marked by the export",
    "hearth/api/endpoints.py": "sends what an operation gives",
    "hearth/api/v1/imports.py": "ids, outcomes and messages, no cell of the file",
    "hearth/imports/views.py": "to who brought the file in alone; templates are empty",
    "hearth/channels/views.py": "one attachment of one contact, noted with the contact",
    "hearth/contract_texts/views/texts.py": "the text of one contract as PDF, to who sees texts; noted as taken",
    "hearth/api/v1/contract_texts.py": "the same, for programs",
    "hearth/portal/reading_views.py": "the text of one contract, to its buyer by the signed link",
    "hearth/mailroom/views.py": "one mail as it came, or one file of it, to who handles mail",
    "hearth/cases/settlement_views.py": "one proof of one case",
    "hearth/case_figures/views.py": "numbers of cases, which tell of no customer",
    "hearth/promises/views/disclosures.py": "one drawing, photo, paper or proof; papers of buyers to who sees them",
    "hearth/repairs/views.py": "one photo or signature of one repair",
    "hearth/privacy/views.py": "one scan of one decision",
    "hearth/privacy/request_views.py": "one person's own package, noted as taken out; a mark would name others in it",
    "hearth/lists/views/runs.py": "ids and what became of each row",
    "hearth/registers/desk_views.py": "an assessment, which tells of nobody",
}


def test_every_way_by_which_a_file_leaves_is_named() -> None:
    giving = {
        name_of(path)
        for path in list_modules()
        if name_of(path).startswith("hearth/") and GIVING.search(read_text(path))
    }

    assert giving == set(WAYS)
