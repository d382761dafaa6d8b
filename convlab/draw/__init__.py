"""A scene through matplotlib: still pictures, animations, files."""
