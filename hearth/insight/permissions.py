"""Rights over analysis."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_INSIGHT = permission("insight.view", _("See analysis, rounds and indicators"))
RUN_INSIGHT = permission("insight.run", _("Run scoring and keep rounds"))
