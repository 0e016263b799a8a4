"""Pages of texts, templates, readings and forbidden wordings."""
