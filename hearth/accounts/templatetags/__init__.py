"""What templates of this app ask."""
