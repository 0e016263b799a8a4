"""The list of customers."""

from django.http import HttpRequest, HttpResponse

from hearth.core.permissions import requires
from hearth.customers.lists import CUSTOMERS
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists.pages import list_page


@requires(VIEW_CUSTOMER)
def customers(request: HttpRequest) -> HttpResponse:
    """The list of customers, the newest change first, with filters in the address."""
    return list_page(request, CUSTOMERS, "customers/customers.html")
