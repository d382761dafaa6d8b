"""The classes of the family, by name, for tests that make layers up."""

RANKS = {
    "Conv": (1, 2, 3),
    "ConvTranspose": (1, 2, 3),
    "DepthwiseConv": (1, 2),
    "SeparableConv": (1, 2),
    "LocallyConnected": (1, 2),
    "MaxPooling": (1, 2, 3),
    "AveragePooling": (1, 2, 3),
    "GlobalMaxPooling": (1, 2, 3),
    "GlobalAveragePooling": (1, 2, 3),
    "Cropping": (1, 2, 3),
    "ZeroPadding": (1, 2, 3),
    "UpSampling": (1, 2, 3),
    "ConvLSTM": (1, 2, 3),
}
"""Family -> the numbers of spatial axes that it has classes for."""


def class_name(family, rank):
    return f"Conv{rank}DTranspose" if family == "ConvTranspose" else f"{family}{rank}D"


CLASSES = {
    class_name(family, rank): (family, rank) for family, ranks in RANKS.items() for rank in ranks
}
"""Class name -> its family and rank."""
