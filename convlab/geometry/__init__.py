"""One relation between integers per axis, and everything that follows from it."""
