"""What app.ipynb shows, how it is served, and the command line."""

from convlab.app.page import show

__all__ = ["show"]
