"""An invented person who is known in every app: what the privacy drill gives out and erases."""
