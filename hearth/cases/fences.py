"""Cases are seen at the place that answers them."""

from hearth.cases.models import Case
from hearth.core.fence import at_place, fence

fence(Case, at_place())
