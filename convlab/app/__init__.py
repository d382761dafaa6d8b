"""What app.ipynb shows, how it is served, and the command line."""
