"""A picture of the viewer's, as the input of the feature maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from convlab.errors import ConvlabError
from convlab.widgets.debugger.inputs import Photo
from convlab.widgets.inputs.pictures import LARGEST_SIDE, decoded, scaled


class PictureUpload(widgets.FileUpload):  # type: ignore[misc]
    """A button that takes a picture.

    Args:
        given: called with the picture.
        refuse: called with the error where it cannot be read.
    """

    def __init__(
        self, given: Callable[[Photo], None], refuse: Callable[[ConvlabError], None]
    ) -> None:
        self._given, self._refuse = given, refuse
        super().__init__(
            multiple=False,
            accept=".png,.jpg,.jpeg",
            description="Your picture\n",
            tooltip="PNG or JPEG, 16 MiB at most: the feature maps are shown of it",
            icon="",
            layout=widgets.Layout(width="auto"),
        )
        self.add_class("cd-upload")
        self.observe(self._taken, "value")

    def _taken(self, change: Any) -> None:
        if not change["new"]:
            return
        content = change["new"][0].get("content")
        self.value = ()  # so that the same file can be chosen again
        if not isinstance(content, bytes | memoryview):
            return
        try:
            self._given(Photo(scaled(decoded(content), LARGEST_SIDE)))
        except ConvlabError as error:
            self._refuse(error)
