"""What the pages of campaigns show."""
