"""Why a payment plan, a template or a stage is refused."""

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import DomainError, InvalidInput


class PlanExists(DomainError):
    """A contract is paid by one plan at a time."""

    code = "plan_exists"
    message = _("It is settled already how this contract is paid.")


class NoPlanYet(DomainError):
    """Only a plan that is there can be replaced."""

    code = "no_plan_yet"
    message = _("It is not settled yet how this contract is paid.")


class PlanReasonMissing(InvalidInput):
    """Whoever replaces a plan says why."""

    code = "plan_reason_missing"
    message = _("Say why the payment plan is replaced.")


class NoInstalments(InvalidInput):
    """A plan has at least one instalment."""

    code = "no_instalments"
    message = _("Name at least one instalment, and no more than %(most)s.")


class InstalmentNotPositive(InvalidInput):
    """An instalment is worth something, in whole cents."""

    code = "instalment_not_positive"
    message = _("Instalment %(position)s must be greater than nought, in whole cents.")


class PlanUnbalanced(InvalidInput):
    """The instalments make up the total, to the cent."""

    code = "plan_unbalanced"
    message = _("The instalments add up to ¥%(sum)s, the contract to ¥%(total)s: ¥%(difference)s is amiss.")


class InstalmentWithoutDay(InvalidInput):
    """An instalment is due on a day or after a stage."""

    code = "instalment_without_day"
    message = _("Give instalment %(position)s a day, or the building stage it waits for, and not both.")


class DatesOutOfOrder(InvalidInput):
    """Instalments follow each other."""

    code = "dates_out_of_order"
    message = _("Instalment %(position)s is due on %(day)s, before the one above it.")


class DueBeforeSigning(InvalidInput):
    """Nothing is due before the contract is signed."""

    code = "due_before_signing"
    message = _("Instalment %(position)s is due on %(day)s, before the contract was signed.")


class InstalmentElsewhere(InvalidInput):
    """Money of a contract goes to an instalment by which it is paid now."""

    code = "instalment_elsewhere"
    message = _("This contract is not paid by this instalment.")


class PlanTemplateNameTaken(InvalidInput):
    """The place has a template of this name."""

    code = "plan_template_name_taken"
    message = _("This place has a way to pay of this name.")


class SharesNotWhole(InvalidInput):
    """The shares of a template make up the price."""

    code = "shares_not_whole"
    message = _("The shares add up to %(sum)s %%, not to 100 %%.")


class StepNotClear(InvalidInput):
    """A step has a share and one way to be due."""

    code = "step_not_clear"
    message = _(
        "Give step %(position)s a share above nought, and either a day or a building stage or neither."
    )


class LoanMissing(InvalidInput):
    """A way to pay with a mortgage has a down payment and a loan."""

    code = "loan_missing"
    message = _("With a mortgage there is a down payment and a mortgage loan.")
