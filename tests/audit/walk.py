"""What the walk over all routes needs to know of this app."""

GROUP_ONLY = {"audit:entries"}
