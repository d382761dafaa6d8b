"""The commands of the command line, one module each.

A module has one function, annotated for Typer. What it needs beyond the standard library and Typer
it imports when it runs, so that `convlab --help` starts at once.
"""
