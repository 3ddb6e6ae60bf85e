"""Forms: they shape and refuse what is typed, and never save."""
