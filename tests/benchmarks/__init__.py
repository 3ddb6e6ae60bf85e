"""`make bench`: what the portal costs, beside what a peer costs in the same run. No limits."""
