"""Which groups of layers are drawn as one box."""

from __future__ import annotations

from convlab.scene.graph import Drawing, Network, groups_of


class Folds:
    """The groups of a network, and which of them are not folded.

    Args:
        network: what is drawn.

    Attributes:
        opened: the groups that are not folded; None leaves it to the drawing.
    """

    def __init__(self, network: Network) -> None:
        self._groups = groups_of(network)
        self.opened: set[str] | None = None

    def toggle(self, group: str, drawing: Drawing) -> None:
        """Folds a group, or unfolds it."""
        folded = {node.key for node in drawing.nodes if node.folded}
        before = self._groups - folded if self.opened is None else self.opened
        self.opened = before ^ {group}

    def all(self, folded: bool) -> None:
        """Folds every group, or none."""
        self.opened = set() if folded else set(self._groups)

    def kept(self, before: Folds | None) -> Folds:
        """The same groups open as before, where there were any to choose."""
        if before is not None and before.opened is not None and before._groups & self._groups:
            self.opened = before.opened & self._groups | (self._groups - before._groups)
        return self
