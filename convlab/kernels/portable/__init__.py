"""Plain loops that do what the vector code does, from the same tables: its twin in the tests.

`CONVLAB_KERNELS=portable` takes them on any processor. Importing a module here imports Numba.
"""
