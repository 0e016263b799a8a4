"""Pages of what is on sale."""
