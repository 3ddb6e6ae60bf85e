"""A plan at a glance for who supervises it: points, duties, risks, every indicator. Pure."""

from indicators.scorecards.dashboard.page import DashboardPage, dashboard_page, table

__all__ = ["DashboardPage", "dashboard_page", "table"]
