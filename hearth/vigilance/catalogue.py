# domain data
"""What counts as reading, by the name of the page or operation that shows it, and the rules that ship.

All thresholds are proposed defaults; the group changes them.
"""

from dataclasses import dataclass

from hearth.vigilance.models import AlarmRule, Kind

API = "api:api_v1:"
# Instead of a part of the address: the page itself says which customer it shows (`hearth.core.shown`).
SAID = "?"
# The page or operation, what it shows, and which part of its address names the record.
WATCHED: dict[str, tuple[Kind, str]] = {
    "workspace:customer": (Kind.CUSTOMER, "customer_id"),
    "workspace:history": (Kind.CUSTOMER, SAID),
    "workspace:timeline": (Kind.CUSTOMER, "customer_id"),
    "customers:edit": (Kind.CUSTOMER, "customer_id"),
    "customers:add-home": (Kind.CUSTOMER, "customer_id"),
    "customers:correct-home": (Kind.CUSTOMER, SAID),
    "custom_fields:values": (Kind.CUSTOMER, SAID),
    "families:needs": (Kind.CUSTOMER, "customer_id"),
    "families:origins": (Kind.CUSTOMER, "customer_id"),
    "insight:profile": (Kind.CUSTOMER, "customer_id"),
    "leads:lead": (Kind.CUSTOMER, SAID),
    "leads:dispute": (Kind.CUSTOMER, SAID),
    "leads:claim_of_another": (Kind.CUSTOMER, SAID),
    "privacy:customer_consents": (Kind.CUSTOMER, "customer_id"),
    "privacy:request": (Kind.CUSTOMER, SAID),
    "registers:affected_person": (Kind.CUSTOMER, SAID),
    "sales:sign": (Kind.CUSTOMER, "customer_id"),
    f"{API}get_customer": (Kind.CUSTOMER, "customer_id"),
    f"{API}get_timeline": (Kind.CUSTOMER, "customer_id"),
    "cases:case": (Kind.CASE, "case_id"),
    "cases:new": (Kind.CUSTOMER, SAID),
    f"{API}get_case": (Kind.CASE, "case_id"),
    "properties:unit": (Kind.HOME, "pk"),
    f"{API}get_unit": (Kind.HOME, "unit_id"),
    "sales:contract": (Kind.CONTRACT, "contract_id"),
    "sales:new_plan": (Kind.CONTRACT, "contract_id"),
    "contract_changes:ask": (Kind.CONTRACT, "contract_id"),
    "contract_changes:request": (Kind.CUSTOMER, SAID),
    "contract_texts:text": (Kind.CUSTOMER, SAID),
    "contract_texts:clause": (Kind.CUSTOMER, SAID),
    "contract_texts:desk": (Kind.CUSTOMER, SAID),
    f"{API}get_contract": (Kind.CONTRACT, "contract_id"),
    "customers:customers": (Kind.LIST, ""),
    "cases:cases": (Kind.LIST, ""),
    "cases:desk": (Kind.LIST, ""),
    "sales:contracts": (Kind.LIST, ""),
    "sales:receivables": (Kind.LIST, ""),
    "contract_texts:texts": (Kind.LIST, ""),
    "leads:leads": (Kind.LIST, ""),
    "group_cases:groups": (Kind.LIST, ""),
    "group_cases:group": (Kind.LIST, ""),
    "group_cases:meeting": (Kind.LIST, ""),
    "group_cases:years": (Kind.LIST, ""),
    "leads:win_back": (Kind.LIST, ""),
    "sales_figures:today": (Kind.LIST, ""),
    "sales_figures:incidents": (Kind.LIST, ""),
    "sales_figures:incident": (Kind.LIST, ""),
    "tasks:list": (Kind.LIST, ""),
    "channels:messages": (Kind.LIST, ""),
    "mailroom:mails": (Kind.LIST, ""),
    "mailroom:mail": (Kind.CUSTOMER, SAID),
    "mailroom:raw": (Kind.CUSTOMER, SAID),
    "mailroom:file": (Kind.CUSTOMER, SAID),
    "mailroom:of_case": (Kind.CASE, "case_id"),
    "books:unowned": (Kind.LIST, ""),
    "radar:alarm": (Kind.LIST, ""),
    "registers:affected": (Kind.LIST, ""),
    "promises:acknowledgements": (Kind.LIST, ""),
    "repairs:visit": (Kind.CUSTOMER, SAID),
    "repairs:my_day": (Kind.LIST, ""),
    "brokers:registrations": (Kind.LIST, ""),
    "brokers:registration": (Kind.CUSTOMER, SAID),
    "brokers:new_registration": (Kind.LIST, ""),
    "brokers:partner": (Kind.LIST, ""),
    "brokers:conflicts": (Kind.LIST, ""),
    "brokers:conflict": (Kind.CUSTOMER, SAID),
    f"{API}list_customers": (Kind.LIST, ""),
    f"{API}list_cases": (Kind.LIST, ""),
    f"{API}list_group_cases": (Kind.LIST, ""),
    f"{API}get_group_case": (Kind.LIST, ""),
    f"{API}list_contracts": (Kind.LIST, ""),
    f"{API}list_holds": (Kind.LIST, ""),
    f"{API}list_queue_registrations": (Kind.LIST, ""),
    f"{API}list_loans": (Kind.LIST, ""),
    f"{API}list_mails": (Kind.LIST, ""),
    f"{API}list_repairs": (Kind.LIST, ""),
    f"{API}get_contract_text_readings": (Kind.LIST, ""),
    f"{API}get_contract_text_file": (Kind.EXPORT, "text_id"),
    f"{API}list_receivables": (Kind.LIST, ""),
    f"{API}get_payment_plan": (Kind.CONTRACT, "contract_id"),
    f"{API}list_interactions": (Kind.LIST, ""),
    f"{API}list_tasks": (Kind.LIST, ""),
    f"{API}list_leads": (Kind.LIST, ""),
    f"{API}list_partners": (Kind.LIST, ""),
    f"{API}list_channel_registrations": (Kind.LIST, ""),
    f"{API}get_channel_registration": (Kind.LIST, ""),
    f"{API}list_payments": (Kind.LIST, ""),
    f"{API}list_households": (Kind.LIST, ""),
    f"{API}get_household": (Kind.LIST, ""),
    f"{API}list_segment_members": (Kind.LIST, ""),
    f"{API}list_unit_roles": (Kind.LIST, ""),
    "workspace:search": (Kind.SEARCH, ""),
    "customers:reveal-contact": (Kind.REVEAL, "point_id"),
    "customers:reveal-identity": (Kind.REVEAL, "customer_id"),
    "channels:reveal": (Kind.REVEAL, "interaction_id"),
    "families:reveal-income": (Kind.REVEAL, "customer_id"),
    "exports:file": (Kind.EXPORT, "pk"),
    "contract_texts:pdf": (Kind.EXPORT, "text_id"),
    f"{API}get_export_file": (Kind.EXPORT, "export_id"),
    "privacy:package": (Kind.EXPORT, "request_id"),
    "privacy:requests": (Kind.LIST, ""),
    f"{API}list_person_requests": (Kind.LIST, ""),
}
PEEK = "lists:peek"
PEEKED = {
    "customers": Kind.CUSTOMER,
    "cases": Kind.CASE,
    "homes": Kind.HOME,
    "contracts": Kind.CONTRACT,
}
# The page that names a record of a kind.
PAGES = {
    Kind.CUSTOMER: "workspace:customer",
    Kind.CASE: "cases:case",
    Kind.HOME: "properties:unit",
    Kind.CONTRACT: "sales:contract",
}


@dataclass(frozen=True)
class ShippedRule:
    """A rule as it ships."""

    code: str
    name_zh: str
    name_en: str
    kinds: tuple[Kind, ...]
    measure: AlarmRule.Measure
    window_minutes: int
    at_least: int
    factor: float
    hours: AlarmRule.Hours = AlarmRule.Hours.ANY


Measure = AlarmRule.Measure
CANARY, EMERGENCY = "canary", "emergency"
RULES = (
    ShippedRule(
        "profiles-hour",
        "一小时内打开大量客户",
        "Many customers within an hour",
        (Kind.CUSTOMER,),
        Measure.RECORDS,
        60,
        60,
        6,
    ),
    ShippedRule(
        "profiles-day",
        "一天内打开大量客户",
        "Many customers within a day",
        (Kind.CUSTOMER,),
        Measure.RECORDS,
        1440,
        200,
        5,
    ),
    ShippedRule(
        "night",
        "夜间查阅",
        "Reading at night",
        (Kind.CUSTOMER, Kind.LIST, Kind.SEARCH, Kind.REVEAL, Kind.EXPORT),
        Measure.READS,
        480,
        20,
        4,
        AlarmRule.Hours.NIGHT,
    ),
    ShippedRule(
        "places",
        "查阅多个公司的客户",
        "Customers of many places",
        (Kind.CUSTOMER,),
        Measure.PLACES,
        1440,
        5,
        4,
    ),
    ShippedRule(
        "reveals", "频繁查看完整信息", "Many values uncovered", (Kind.REVEAL,), Measure.READS, 60, 10, 5
    ),
    ShippedRule("exports", "频繁导出", "Many files taken out", (Kind.EXPORT,), Measure.READS, 1440, 6, 4),
    ShippedRule("searches", "频繁搜索", "Many searches", (Kind.SEARCH,), Measure.READS, 60, 120, 6),
    ShippedRule(
        CANARY, "打开诱饵客户", "A canary customer was opened", (Kind.CUSTOMER,), Measure.CANARY, 1, 1, 0
    ),
    ShippedRule(
        EMERGENCY,
        "启用应急账号",
        "The account for an emergency was used",
        (),
        Measure.EMERGENCY,
        1,
        1,
        0,
    ),
)
