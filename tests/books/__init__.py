"""Tests of the handover of books."""
