"""Graphs of layers, and readers of the files that hold them."""
