"""Stands in for pages that other branches bring, so that links to them resolve."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

PLAN = "<slug:agency>/<int:year>/"


def stub(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("stub\n", content_type="text/plain")


urlpatterns = [
    path("people/", stub, name="people"),
    path("deputies/", stub, name="deputies"),
    path(PLAN + "indicators/<int:pk>/entry/", stub, name="entry"),
    path(PLAN + "indicators/<int:pk>/review/", stub, name="review_indicator"),
    path(PLAN + "review/", stub, name="review_queue"),
    path(PLAN + "sign-off/", stub, name="plan_steps"),
]
