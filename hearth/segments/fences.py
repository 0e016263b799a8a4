"""Who is in a segment is seen with the customer."""

from hearth.core.fence import fence, leave_open
from hearth.customers.fencing import with_customer
from hearth.segments.models import Segment, SegmentCount, SegmentMember

fence(SegmentMember, with_customer(SegmentMember))
for counted in (Segment, SegmentCount):
    leave_open(counted, because="Rules and how many they meet.")
