"""Parts of lists, and the pages of saved views."""
