"""Who was chosen, and what they answered, is seen with the customer."""

from hearth.campaigns.models import Campaign, CampaignMember, Response, Treatment
from hearth.core.fence import fence, leave_open, with_seen
from hearth.customers.fencing import with_customer

fence(CampaignMember, with_customer(CampaignMember))
fence(Response, with_seen(CampaignMember, "member_id", of=Response))
for plan in (Campaign, Treatment):
    leave_open(plan, because="What is planned and written before it meets a customer.")
