"""What the API's lists of what people see on a page can be asked for, and how a row of each is written."""

from collections.abc import Callable
from typing import Any

from hearth.api.page_lists import PageQuery
from hearth.api.v1.brokers import PartnerQuery, RegistrationQuery
from hearth.api.v1.cases import CaseQuery
from hearth.api.v1.commissions import CommissionRuleQuery, SettlementQuery
from hearth.api.v1.contract_changes import ChangeQuery
from hearth.api.v1.contract_texts import ContractTemplateQuery, TextQuery
from hearth.api.v1.contracts import ContractQuery
from hearth.api.v1.customer_schemas import CustomerQuery
from hearth.api.v1.group_cases import GroupCaseQuery
from hearth.api.v1.homes import UnitQuery
from hearth.api.v1.inventory import BatchQuery
from hearth.api.v1.leads import LeadQuery
from hearth.api.v1.mails import MailQuery
from hearth.api.v1.market import CompetitorQuery, MarketEventQuery
from hearth.api.v1.payment_plans import ReceivableQuery
from hearth.api.v1.person_requests import PersonRequestQuery
from hearth.api.v1.promises import DisclosureQuery, PromiseQuery
from hearth.api.v1.repairs import RepairQuery
from hearth.api.v1.segments import SegmentQuery
from hearth.api.v1.tasks import TaskQuery
from hearth.organization.models import OrgUnit
from tests.api import records
from tests.brokers.builders import make_earned, make_partner, make_registration, write_sheet
from tests.contract_changes.builders import make_request as make_change_request
from tests.contract_texts.builders import make_template, make_text
from tests.customers.builders import make_home
from tests.group_cases.builders import make_group_case
from tests.inventory.builders import make_batch
from tests.mailroom.builders import make_mail
from tests.market.builders import make_competitor, make_event
from tests.privacy.builders import make_request
from tests.promises.builders import make_draft, make_promise
from tests.repairs.builders import make_order
from tests.sales.plans import make_planned

QUERIES: dict[str, type[PageQuery]] = {
    "/customers": CustomerQuery,
    "/units": UnitQuery,
    "/contracts": ContractQuery,
    "/receivables": ReceivableQuery,
    "/contract-changes": ChangeQuery,
    "/contract-templates": ContractTemplateQuery,
    "/contract-texts": TextQuery,
    "/mails": MailQuery,
    "/cases": CaseQuery,
    "/release-batches": BatchQuery,
    "/disclosures": DisclosureQuery,
    "/promises": PromiseQuery,
    "/repairs": RepairQuery,
    "/competitors": CompetitorQuery,
    "/market-events": MarketEventQuery,
    "/partners": PartnerQuery,
    "/channel-registrations": RegistrationQuery,
    "/commission-rules": CommissionRuleQuery,
    "/commission-settlements": SettlementQuery,
    "/group-cases": GroupCaseQuery,
    "/tasks": TaskQuery,
    "/leads": LeadQuery,
    "/segments": SegmentQuery,
    "/person-requests": PersonRequestQuery,
}


def make_own_template(company: OrgUnit) -> object:
    """Write a template of a project that has none."""
    return make_template(company, project=make_home(company).project)


WRITERS: dict[str, Callable[[OrgUnit], Any]] = {
    "/customers": records.write_role,
    "/units": records.write_contract,
    "/contracts": records.write_contract,
    "/receivables": make_planned,
    "/contract-changes": make_change_request,
    "/contract-templates": make_own_template,
    "/contract-texts": make_text,
    "/mails": make_mail,
    "/cases": records.write_case,
    "/release-batches": make_batch,
    "/disclosures": make_draft,
    "/promises": make_promise,
    "/repairs": make_order,
    "/competitors": make_competitor,
    "/market-events": make_event,
    "/partners": make_partner,
    "/channel-registrations": make_registration,
    "/commission-rules": make_earned,
    "/commission-settlements": write_sheet,
    "/group-cases": make_group_case,
    "/tasks": records.write_task,
    "/leads": records.write_lead,
    "/segments": records.write_segment,
    "/person-requests": make_request,
}
