"""Accounts: who is set up to sign in, and how."""
