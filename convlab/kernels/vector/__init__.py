"""Vector code: what LLVM is told word for word.

`target` says for which processor; `emitter` is the small language in which everything here is
written; `assembling` makes machine code of it and keeps it on disk; `tile` sums a tile of a
convolution and `dense` goes through the tiles; `jobs` shares work among threads.

Only llvmlite is imported, the part of Numba that speaks to LLVM: a first result need not wait for
the rest of it.
"""
