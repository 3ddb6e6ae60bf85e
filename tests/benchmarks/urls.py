"""The portal's addresses, and an admin that edits one indicator with its inputs and its text."""

from django.contrib import admin
from django.urls import include, path

from indicators.models import Indicator, Input, Measurement


class Inputs(admin.TabularInline):
    model = Input
    fields = ["value"]
    extra = 0
    can_delete = False


class Measured(admin.StackedInline):
    model = Measurement
    fields = ["analysis"]


class IndicatorAdmin(admin.ModelAdmin):
    fields = ["title"]
    inlines = [Inputs, Measured]


site = admin.AdminSite(name="admin")
site.register(Indicator, IndicatorAdmin)
urlpatterns = [path("bench-admin/", site.urls), path("", include("kpi_portal.urls"))]
