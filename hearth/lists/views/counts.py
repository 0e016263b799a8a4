"""Numbers of a list that come on demand: how many rows, how many of each group, figures of a column.

Each is exact where it is found within some seconds; otherwise the answer says that it is not.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hearth.core.bounded import TookTooLong
from hearth.core.permissions import SIGNED_IN, requires
from hearth.lists.pages import reader_of
from hearth.lists.selectors import count_rows, group_counts, open_list
from hearth.lists.selectors.totals import total_of
from hearth.lists.totals import show_total
from hearth.lists.views.parts import definition_for


@requires(SIGNED_IN)
def count(request: HttpRequest, key: str) -> HttpResponse:
    """The exact number of rows."""
    reader = reader_of(request)
    opened = open_list(definition_for(request, key), request.GET, reader)
    return render(request, "lists/components/count.html", {"count": count_rows(opened.state, reader)})


@requires(SIGNED_IN)
def groups(request: HttpRequest, key: str) -> HttpResponse:
    """How many rows there are of each value of the grouping."""
    reader = reader_of(request)
    opened = open_list(definition_for(request, key), request.GET, reader)
    if not opened.state.group:
        raise Http404
    parameters = opened.state.parameters()
    counted = group_counts(opened.state, reader)
    found = [
        (each, opened.url({**parameters, opened.state.group: each.code}) if each.code else "")
        for each in counted.groups
    ]
    context = {
        "groups": found,
        "is_exact": counted.is_exact,
        "most": max((each.number for each, _url in found), default=0),
        "list_url": reverse(opened.state.definition.url_name),
    }
    return render(request, "lists/components/groups.html", context)


@requires(SIGNED_IN)
def total(request: HttpRequest, key: str, column_key: str, figure: str) -> HttpResponse:
    """One figure of a column over all rows of the list; columns the reader may not see are not there."""
    reader = reader_of(request)
    definition = definition_for(request, key)
    column = next((each for each in definition.columns_for(reader.actor) if each.key == column_key), None)
    if column is None or figure not in column.figures:
        raise Http404
    opened = open_list(definition, request.GET, reader)
    try:
        shown, refusal = show_total(column.kind, total_of(opened.state, reader, column, figure)), ""
    except TookTooLong as error:
        shown, refusal = "—", str(error)
    return render(request, "lists/components/total.html", {"shown": shown, "refusal": refusal})
