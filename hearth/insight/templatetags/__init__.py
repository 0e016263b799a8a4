"""Tags of analysis."""
