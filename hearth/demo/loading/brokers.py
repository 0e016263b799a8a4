"""Partners, brokers and registrations of the project on sale, through the hands of the demo accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.brokers.models import Broker, ChannelRegistration, Partner
from hearth.brokers.services import (
    NewBroker,
    NewPartner,
    NewRegistration,
    NewRule,
    add_broker,
    add_partner,
    object_to_refusal,
    register_customer,
    write_rule,
)
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.demo.city.brokers import (
    AGENCY,
    BROKERS,
    CLAIM,
    OBJECTED,
    PARTNER_FOR_DAYS,
    PAYABLE_PERCENT,
    REFERRERS,
    REGISTRATIONS,
    STEPS,
    RegistrationPlan,
)
from hearth.demo.loading.hands import actor_of_role
from hearth.demo.loading.project import LoadedProject
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


@dataclass(frozen=True)
class BrokerLoader:
    """Writes who brings customers to a company, what they earn, and whom they registered for a project."""

    users: Mapping[str, User]
    now: datetime

    def load(self, loaded: LoadedProject, company: OrgUnit) -> None:
        """Write them; nothing where the account that would do it is missing."""
        manager = actor_of_role(self.users, "city_cr_manager", self.now)
        if manager is None:
            return
        begun = localdate(self.now) - timedelta(days=PARTNER_FOR_DAYS)
        project = Project.objects.select_related("org_unit").get(pk=loaded.project.pk)
        agency = self._partner(company, "agency", AGENCY, manager)
        brokers = [
            add_broker(agency, NewBroker(begun, name=name, phone=phone), actor=manager, now=self.now)
            for name, phone in BROKERS
        ]
        referrers = self._partner(company, "referral", REFERRERS, manager)
        owner = Customer.objects.visible_to(manager).filter(is_sample=True, contracts__isnull=False)
        if (known := owner.order_by("number").first()) is not None:
            add_broker(referrers, NewBroker(begun, customer=known), actor=manager, now=self.now)
        steps = [(deal, Decimal(rate)) for deal, rate in STEPS]
        rule = NewRule("percent", steps, Decimal(PAYABLE_PERCENT), begun)
        write_rule(project, rule, actor=manager, now=self.now)
        rows = [self._register(brokers[plan.broker], plan, project, manager) for plan in REGISTRATIONS]
        object_to_refusal(rows[OBJECTED], claim=CLAIM, actor=manager, now=self.now)

    def _partner(self, company: OrgUnit, kind: str, name: str, manager: Actor) -> Partner:
        begun = localdate(self.now) - timedelta(days=PARTNER_FOR_DAYS)
        new = NewPartner(kind, name, begun)
        return add_partner(company, new, actor=manager, now=self.now, is_sample=True)

    def _register(
        self, broker: Broker, plan: RegistrationPlan, project: Project, manager: Actor
    ) -> ChannelRegistration:
        day = localdate(self.now) + timedelta(days=plan.planned_in)
        new = NewRegistration(project, plan.name, plan.phone, day, has_consent=True, way="desk")
        return register_customer(broker, new, actor=manager, now=self.now)
