"""The samples that `make run` starts with: a year under way, played through the real actions."""

from indicators.demo.loading import load

__all__ = ["load"]
