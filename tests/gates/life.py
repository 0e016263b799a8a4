"""What the walks look for."""

WORD = "青枫浦"
"""A word that is in the rows of one customer and nowhere else."""
