"""What to show, as plain data, and the browser module that plays it."""
