"""Who is in a segment is seen with the customer."""

from hearth.core.fence import fence, leave_open, with_seen
from hearth.customers.models import CustomerPlace
from hearth.segments.models import Segment, SegmentCount, SegmentMember

fence(SegmentMember, with_seen(CustomerPlace, "customer_id", of=SegmentMember, key="customer_id"))
for counted in (Segment, SegmentCount):
    leave_open(counted, because="Rules and how many they meet.")
