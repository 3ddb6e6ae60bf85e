"""Every address of the portal. Error pages are Django's own views with our templates."""

from django.urls import include, path

urlpatterns = [
    path("", include("indicators.account_urls")),
    path("", include("indicators.urls")),
    path("", include("reports.urls")),
]

handler429 = "indicators.views.pages.too_many_requests"  # allauth's, for its rate limits
