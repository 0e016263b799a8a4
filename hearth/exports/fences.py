"""What was searched for, and which rows were found."""

from hearth.core.fence import SOMEBODY, fence
from hearth.exports.models import Export

fence(Export, SOMEBODY)
