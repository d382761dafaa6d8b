"""The page: one notebook cell that displays the app.

`app.ipynb` at the root of the repository and the notebook that `convlab app` serves are the same
notebook; its contents are defined here. A notebook is plain JSON, so nothing of Jupyter is needed
to write one.
"""

from __future__ import annotations

from typing import Any


def show() -> None:
    """Display the app: the explorer on its example, or the page that the address asks for.

    Called by the one cell of `app.ipynb`, in Voila and in JupyterLab alike.
    """
    from IPython.display import display

    from convlab.app.site import Site, query

    display(Site(query()))  # type: ignore[no-untyped-call]


def notebook() -> dict[str, Any]:
    r"""The notebook that is served, in the notebook format 4.5.

    Returns:
        The notebook as plain data: one code cell, and metadata that names our Voila template, so
        that a plain `voila app.ipynb` shows the page as `convlab app` does.

    Example:
        >>> notebook()["cells"][0]["source"]
        'from convlab.app import show\n\nshow()'
        >>> notebook()["metadata"]["voila"]
        {'template': 'convlab'}
    """
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "show",
        "metadata": {},
        "outputs": [],
        "source": "from convlab.app import show\n\nshow()",
    }
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": [cell],
        "metadata": {
            "kernelspec": kernelspec,
            "language_info": {"name": "python"},
            "title": "convlab",
            "voila": {"template": "convlab"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
