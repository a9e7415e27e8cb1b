"""Questions that draw their numbers anew for every student."""
