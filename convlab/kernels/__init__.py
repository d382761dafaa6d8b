"""Loops over arrays, driven by plans of integers; they know no layer."""
