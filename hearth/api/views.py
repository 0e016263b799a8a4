"""Pages about the API, for people: what it can do and what its refusals mean."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from hearth.api.openapi import openapi_document
from hearth.api.problem_kinds import explain, list_explanations
from hearth.core.permissions import public


@public()
def show_operations(request: HttpRequest) -> HttpResponse:
    """List the operations with their rights, refusals and parameters."""
    operations = [
        {
            **operation,
            "method": method.upper(),
            "path": path,
            "permission": operation["x-permission"],
            "refusals": ", ".join(status for status in operation["responses"] if status >= "400"),
        }
        for path, methods in openapi_document()["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/operations.html", {"operations": operations})


@public()
def show_problem(request: HttpRequest, code: str) -> HttpResponse:
    """Explain one refusal: this is where its `type` leads."""
    explanation = explain(code)
    if explanation is None:
        raise Http404
    return render(request, "api/problems.html", {"explanations": [explanation]})


@public()
def show_problems(request: HttpRequest) -> HttpResponse:
    """Explain every refusal."""
    return render(request, "api/problems.html", {"explanations": list_explanations()})
