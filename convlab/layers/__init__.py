"""Keras's layers, under Keras's names, with Keras's arguments and numbers."""
