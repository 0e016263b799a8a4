"""Pages of disclosures, and what a buyer was told."""
