"""The stage and the explorer as Jupyter widgets."""
