"""What programs of others were told, and what they answered."""

from hearth.core.fence import SOMEBODY, fence, leave_open
from hearth.webhooks.models import Attempt, Delivery, Endpoint, SigningSecret

for part in (Endpoint, SigningSecret, Delivery):
    leave_open(part, because="Addresses of programs and the numbers of what they are told.")
fence(Attempt, SOMEBODY)
