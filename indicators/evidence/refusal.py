"""What is said to somebody whose evidence can't be taken."""


class EvidenceRefused(Exception):
    """The message is a sentence for the user: what is wrong, and what to do."""
