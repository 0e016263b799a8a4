"""Examples of imports."""

from hearth.api.v1.examples import CUSTOMER_ID, RECORDED, Example, list_example

IMPORT_ID = "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c21"

_LINE: Example = {
    "id": IMPORT_ID,
    "kind": "customers",
    "org_unit_id": 3,
    "state": "checked",
    "file_name": "customers.csv",
    "file_size": 81920,
    "good_rows_only": False,
    "total_rows": 1204,
    "processed_rows": 1204,
    "bad_rows": 2,
    "created_rows": 0,
    "updated_rows": 0,
    "linked_rows": 0,
    "skipped_rows": 0,
    "reverted_rows": 0,
    "kept_rows": 0,
    "progress": None,
    "trouble": None,
    "created_by_id": 17,
    "created_at": RECORDED,
    "updated_at": RECORDED,
    "committed_at": None,
}
IMPORTS: Example = list_example(_LINE)
IMPORT: Example = {
    **_LINE,
    "encoding": "gb18030",
    "sheet": "",
    "columns": ["No.", "Name", "Phone"],
    "sample_rows": [["CRM-10086", "Lin Yue", "13912345678"]],
    "mapping": {
        "external_key": {"column": "No.", "constant": None, "row_number": None, "confidence": 0.9},
        "name": {"column": "Name", "constant": None, "row_number": None, "confidence": 1.0},
        "phones": {"column": "Phone", "constant": None, "row_number": None, "confidence": 1.0},
    },
    "is_mapping_remembered": False,
    "options": {"update_known": False},
    "finding_count": 3,
    "findings": [
        {"code": "invalid_phone", "is_warning": False, "findings": 2},
        {"code": "phone_known", "is_warning": True, "findings": 1},
    ],
    "has_result": False,
    "has_report": False,
}
IMPORT_CHANGE: Example = {
    "mapping": {"name": {"column": "Name"}, "source": {"constant": "walk_in"}},
    "options": {"update_known": True},
}
IMPORT_TO_COMMIT: Example = {"good_rows_only": True}
KINDS: Example = {
    "data": [
        {
            "code": "customers",
            "label": "Customers",
            "description": "People and companies with their phones, addresses and households.",
            "permission": "customers.change",
            "fields": [
                {
                    "name": "name",
                    "label": "Name",
                    "kind": "text",
                    "is_required": True,
                    "aliases": ["buyer"],
                    "choices": [],
                }
            ],
            "options": [
                {"name": "update_known", "label": "Update customers who are known", "default": False}
            ],
        }
    ],
    "page": {"next": None, "limit": 1, "estimated_total": 1},
}
FINDINGS: Example = list_example(
    {
        "row": 17,
        "column": "Phone",
        "code": "phone_known",
        "detail": "Customer #10086 has the same phone.",
        "is_warning": True,
        "params": {"number": 10086},
        "candidate": {"id": CUSTOMER_ID, "number": 10086},
    }
)
RESULT = (
    f"row,outcome,id,messages\r\n2,created,{CUSTOMER_ID},\r\n3,error,,Phone: This is no phone number.\r\n"
)
REPORT = f"row,outcome,id,messages\r\n2,reverted,{CUSTOMER_ID},\r\n"
