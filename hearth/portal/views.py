"""Pages for customers, opened from a message without signing in.

A token of 192 random bits is the only key; an unknown one gets the same answer as a page that never was.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from hearth.campaigns.models import CampaignMember, Response
from hearth.campaigns.services.responses import opt_out, record_response
from hearth.core.permissions import public
from hearth.portal.reader import READER, as_customer
from hearth.privacy.links import preferences_url


@never_cache
@public(methods=("GET", "HEAD", "POST"))
@as_customer
def respond(request: HttpRequest, token: str) -> HttpResponse:
    """Note that the link was followed; only the button is an answer, because mail scanners follow links too."""
    member = _member(token)
    kind = Response.Kind.RESPONSE if request.method == "POST" else Response.Kind.OPENED
    if request.method != "HEAD" and not _is_prefetch(request):
        record_response(
            member,
            kind=kind,
            source=Response.Source.LINK,
            reference="link",
            actor=READER,
            now=timezone.now(),
        )
    context = {"campaign": member.campaign, "token": token, "is_answered": request.method == "POST"}
    return render(request, "portal/respond.html", context)


@csrf_exempt  # Mail programs send the one-click request without having seen the page.
@never_cache
@public(methods=("GET", "HEAD", "POST"))
@as_customer
def opt_out_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on the button or a one-click request withdraw the consent the message rested on."""
    member = _member(token)
    if request.method == "POST":
        opt_out(member, now=timezone.now())
    context = {
        "token": token,
        "is_done": request.method == "POST",
        "preferences_url": preferences_url(member.customer_id, now=timezone.now()),
    }
    return render(request, "portal/opt_out.html", context)


def _member(token: str) -> CampaignMember:
    member = CampaignMember.objects.select_related("campaign", "customer").filter(token=token).first()
    if member is None:
        raise Http404
    return member


def _is_prefetch(request: HttpRequest) -> bool:
    purposes = (request.headers.get("Sec-Purpose", ""), request.headers.get("Purpose", ""))
    return any("prefetch" in purpose for purpose in purposes)
