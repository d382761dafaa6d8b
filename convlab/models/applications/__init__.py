"""The networks of `keras.applications` by their structure: nothing is fetched, no weight made."""

from convlab.models.applications.making import application, names

__all__ = ["application", "names"]
