"""A scene as a matplotlib figure, of which one cell is selected."""
