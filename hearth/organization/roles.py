# domain data
"""The roles that ship: names, where they are held, and what each may do.

Strategy at the group, rules at the region, execution at the front line. What the group changes afterwards stays
changed; see `services.sync_roles`. A right added here reaches existing installations at their next migration.
"""

from dataclasses import dataclass

SEE = (
    "core.signed_in",
    "organization.view",
    "customers.view",
    "properties.view",
    "tasks.view",
    "core.view_events",
)
FRONT_LINE = (*SEE, "channels.view", "customers.view_contact", "customers.reveal")
SERVICE = (*FRONT_LINE, "cases.view", "channels.record", "privacy.view_consent")
FOLLOW = (
    *SEE,
    "cases.view",
    "radar.view",
    "channels.view",
    "sales.view",
    "insight.view",
    "segments.view",
    "campaigns.view",
    "inventory.view",
)

HANDLE = (
    *SERVICE,
    "radar.view",
    "tasks.change",
    "cases.change",
    "channels.send",
    "customers.change",
    "privacy.change_consent",
    "privacy.take_requests",
)
SELL = (
    *FRONT_LINE,
    "channels.record",
    "channels.send",
    "customers.change",
    "sales.view",
    "sales.change",
    "inventory.view",
    "inventory.hold",
    "campaigns.work_call_list",
    "privacy.view_consent",
    "privacy.change_consent",
    "families.view_income",
    "leads.view",
    "leads.change",
)
RUN_CITY = (
    *HANDLE,
    *SELL,
    *FOLLOW,
    "organization.change",
    "leads.assign",
    "imports.run",
    "imports.revert",
    "properties.change",
    "customers.merge_customer",
    "tasks.change",
    "cases.oversee",
    "radar.change",
    "lists.share",
    "lists.change_many",
    "exports.run",
    "exports.unmasked",
    "books.hand_over",
    "channels.change_templates",
    "channels.view_sensitive",
    "families.view_income",
    "inventory.change",
    "inventory.approve",
    "inventory.extend",
    "inventory.open",
)
RUN_REGION = (
    *RUN_CITY,
    "organization.change_settings",
    "imports.change_source",
    "custom_fields.define",
    "exports.approve",
)
STRATEGY = ("segments.change", "campaigns.change", "campaigns.launch", "insight.run")
PERSONAL = {
    "customers.view_contact",
    "customers.view_identity",
    "customers.reveal",
    "channels.view_sensitive",
    "families.view_income",
    "exports.unmasked",
}
RULES = ("organization.change_settings",)
# Whoever holds one of these signs in with a second step, unless the group decides otherwise.
GUARDED = {
    "exports.unmasked",
    "exports.approve",
    "customers.view_identity",
    "audit.view",
    "vigilance.view",
    "organization.change_roles",
    "accounts.change",
}


@dataclass(frozen=True)
class ShippedRole:
    """A role as it ships; `level` is empty, `region` or `group`: the lowest kind of place where it is held."""

    code: str
    name_zh: str
    name_en: str
    level: str
    permissions: frozenset[str]

    @property
    def needs_second_step(self) -> bool:
        return not GUARDED.isdisjoint(self.permissions)


def _role(code: str, name_zh: str, name_en: str, *rights: str, level: str = "") -> ShippedRole:
    return ShippedRole(code, name_zh, name_en, level, frozenset(rights))


ROLES = (
    _role(
        "group_crc_director",
        "集团客户关系中心总监",
        "Group CRC director",
        *FOLLOW,
        *STRATEGY,
        *RULES,
        "cases.oversee",
        "organization.change",
        "customers.merge_customer",
        "privacy.view_consent",
        "privacy.take_requests",
        "privacy.approve_erasures",
        "registers.view",
        "registers.approve",
        "registers.approve_letter",
        "warehouse.view",
        "lists.share",
        "exports.run",
        "exports.approve",
        "exports.view_all",
        "channels.change_templates",
        level="group",
    ),
    _role(
        "group_complaint_specialist",
        "集团投诉处理专员",
        "Group complaint specialist",
        *HANDLE,
        "cases.oversee",
        "radar.change",
        "channels.view_sensitive",
        "insight.view",
        level="group",
    ),
    _role("regional_cr_manager", "区域客户关系经理", "Regional CR manager", *RUN_REGION, level="region"),
    _role("city_cr_manager", "城市公司客户关系经理", "City CR manager", *RUN_CITY),
    _role(
        "customer_manager", "客户经理", "Customer manager", *HANDLE, "sales.view", "campaigns.work_call_list"
    ),
    _role(
        "complaint_handler",
        "投诉处理专员",
        "Complaint handler",
        *HANDLE,
        "sales.view",
        "channels.view_sensitive",
    ),
    _role(
        "call_agent",
        "客服坐席",
        "Call-centre agent",
        *SERVICE,
        "cases.change",
        "campaigns.work_call_list",
        "leads.view",
        "leads.change",
    ),
    _role("sales_consultant", "置业顾问", "Sales consultant", *SELL),
    _role(
        "sales_manager",
        "销售经理",
        "Sales manager",
        *SELL,
        "inventory.change",
        "inventory.extend",
        "inventory.open",
        "imports.run",
        "properties.change",
        "customers.merge_customer",
        "campaigns.view",
        "leads.assign",
        "lists.share",
        "lists.change_many",
        "exports.run",
        "channels.change_templates",
    ),
    _role(
        "project_manager",
        "项目经理",
        "Project manager",
        *SEE,
        "cases.view",
        "radar.view",
        "properties.change",
        "sales.view",
        "inventory.view",
        "inventory.approve",
    ),
    _role("repair_engineer", "房修工程师", "Repair engineer", *SERVICE, "cases.change"),
    _role("contractor_user", "承建商", "Contractor user", "core.signed_in", "properties.view", "cases.view"),
    _role("design_reviewer", "设计评审", "Design reviewer", *SEE, "cases.view"),
    _role("engineering_reviewer", "工程评审", "Engineering reviewer", *SEE, "cases.view"),
    _role("cost_reviewer", "成本评审", "Cost reviewer", *SEE, "cases.view", "sales.view"),
    _role(
        "legal_reviewer",
        "法务评审",
        "Legal reviewer",
        *SEE,
        "cases.view",
        "sales.view",
        "privacy.view_consent",
        "privacy.take_requests",
        "privacy.approve_erasures",
        "registers.view",
        "registers.approve",
        "registers.approve_letter",
    ),
    _role("property_steward", "物业管家", "Property steward", *SERVICE, "cases.change"),
    _role(
        "club_manager",
        "客户会经理",
        "Club manager",
        *SERVICE,
        "channels.send",
        "customers.change",
        "segments.view",
        "campaigns.view",
        "privacy.change_consent",
        "lists.share",
    ),
    _role(
        "survey_analyst",
        "满意度调查分析师",
        "Survey analyst",
        *SEE,
        "cases.view",
        "insight.view",
        "segments.view",
    ),
    _role(
        "analyst",
        "数据分析师",
        "Analyst",
        *FOLLOW,
        "segments.change",
        "insight.run",
        "warehouse.view",
        "warehouse.snapshot",
        "exports.run",
        level="group",
    ),
    _role(
        "campaign_manager",
        "营销活动经理",
        "Campaign manager",
        *FOLLOW,
        *STRATEGY[:3],
        "channels.send",
        "privacy.view_consent",
        level="group",
    ),
    _role(
        "privacy_officer",
        "个人信息保护负责人",
        "Privacy officer",
        *SEE,
        "customers.view_contact",
        "customers.view_identity",
        "customers.reveal",
        "channels.view",
        "channels.view_sensitive",
        "families.view_income",
        "privacy.view_consent",
        "privacy.change_consent",
        "privacy.change_purposes",
        "privacy.take_requests",
        "privacy.answer_requests",
        "privacy.change_retention",
        "privacy.approve_erasures",
        "audit.view",
        "customers.state_origin",
        "organization.change_field_rules",
        "exports.approve",
        "exports.view_all",
        "vigilance.view",
        "vigilance.change",
        "vigilance.rules",
        "registers.view",
        "registers.change",
        "registers.approve",
        "registers.approve_letter",
        level="group",
    ),
    _role(
        "auditor",
        "审计员",
        "Auditor",
        *FOLLOW,
        "privacy.view_consent",
        "warehouse.view",
        "exports.view_all",
        "audit.view",
        "registers.view",
    ),
    _role(
        "administrator",
        "系统管理员",
        "Administrator",
        *(right for right in RUN_REGION if right not in PERSONAL),
        *STRATEGY,
        "accounts.change",
        "organization.change_roles",
        "organization.change_field_rules",
        "cases.causes",
        "leads.change_grades",
        "warehouse.view",
        "warehouse.snapshot",
        "webhooks.manage",
        "demo.manage",
        level="group",
    ),
)
