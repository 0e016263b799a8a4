"""Backups of an installation: written whole or not at all, read with suspicion, restored beside what is there."""
