"""Who was chosen, and what they answered, is seen with the customer."""

from hearth.campaigns.models import Campaign, CampaignMember, Response, Treatment
from hearth.core.fence import fence, leave_open, with_seen
from hearth.customers.models import CustomerPlace

fence(CampaignMember, with_seen(CustomerPlace, "customer_id", of=CampaignMember, key="customer_id"))
fence(Response, with_seen(CampaignMember, "member_id", of=Response))
for plan in (Campaign, Treatment):
    leave_open(plan, because="What is planned and written before it meets a customer.")
