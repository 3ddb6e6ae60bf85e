"""The scoring core: pure Python, exact arithmetic, no Django, no clock, no I/O."""
