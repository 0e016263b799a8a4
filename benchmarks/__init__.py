"""Benchmarks: `hearth bench`."""
