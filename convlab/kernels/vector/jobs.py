"""Work items done alone, or shared among threads that wait actively for a moment before they sleep.

The caller takes part, and nobody waits for a thread that has not begun an item: on a busy machine,
on which the others get no processor, the caller does the work itself. OpenMP, which waits for all
its threads, loses whole time slices there.

The control block has an integer on each cache line:
    NEXT        the next item; beyond COUNT there is none
    COUNT       how many items the job has
    FUNCTION    the address of what does an item
    DESCRIPTOR  what it is given
    ACTIVE      how many threads take items now
    JOB         the number of the job, counted up
    ASLEEP      how many threads said that they sleep
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from convlab.kernels.vector.emitter import INT, Emitter, Value, Values

LINE = 64
NEXT, COUNT, FUNCTION, DESCRIPTOR, ACTIVE, JOB, ASLEEP = range(0, 7 * LINE, LINE)
BLOCK = 7 * LINE
"""Bytes of a control block, which begins on a cache line."""

NOTHING = 1 << 40
_SPIN = 2000
"""Turns of the waiting loop before a thread sleeps: some 50 microseconds."""

_ITEM = ir.FunctionType(ir.VoidType(), [INT, INT]).as_pointer()


def write_jobs(module: Any) -> None:
    """Add `alone`, `drain`, `sleepers`, `share` and `serve` to a module."""
    _write_alone(module)
    _write_drain(module)
    _write_sleepers(module)
    _write_share(module)
    _write_serve(module)


def _write_alone(module: Any) -> None:
    """`alone(function, descriptor, count)`: do all items."""
    emit = Emitter(module, "alone", ("function", "descriptor", "count"))
    function, descriptor, count = emit.arguments
    item = emit.builder.inttoptr(function, _ITEM)

    def do(number: Value, _: Values) -> Values:
        emit.builder.call(item, [descriptor, number])
        return []

    emit.loop(emit.integer(0), count, 1, [], do)
    emit.end()


def _write_drain(module: Any) -> None:
    """`drain(control)`: take items until there are none.

    What the job is, is read after an item was taken: then the job is alive, and waits for us.
    """
    emit = Emitter(module, "drain", ("control",))
    b, (control,) = emit.builder, emit.arguments
    take, do, leave = (b.append_basic_block(name) for name in ("take", "do", "leave"))
    b.branch(take)
    b.position_at_end(take)
    number = _add(emit, control, NEXT, 1)
    b.cbranch(emit.less(number, _read(emit, control, COUNT)), do, leave)
    b.position_at_end(do)
    item = b.inttoptr(_read(emit, control, FUNCTION), _ITEM)
    b.call(item, [_read(emit, control, DESCRIPTOR), number])
    b.branch(take)
    b.position_at_end(leave)
    emit.end()


def _write_sleepers(module: Any) -> None:
    """`sleepers(control, count)`: how many threads must be woken, put where `count` points to."""
    emit = Emitter(module, "sleepers", ("control", "count"))
    control, count = emit.arguments
    emit.builder.store(_swap(emit, control, ASLEEP, emit.integer(0)), _typed(emit, count))
    emit.end()


def _write_share(module: Any) -> None:
    """`share(control, function, descriptor, count)`: do a job with those threads that take part.

    It returns when all is done, and nobody looks at the descriptor any more: one call, so that no
    interrupt of Python's comes between.
    """
    emit = Emitter(module, "share", ("control", "function", "descriptor", "count"))
    b, (control, function, descriptor, count) = emit.builder, emit.arguments
    for place, value in ((FUNCTION, function), (DESCRIPTOR, descriptor), (COUNT, count)):
        _swap(emit, control, place, value)
    _swap(emit, control, NEXT, emit.integer(0))
    _add(emit, control, JOB, 1)
    _drain(emit, control)
    _swap(emit, control, NEXT, emit.integer(NOTHING))
    look, wait, leave = (b.append_basic_block(name) for name in ("look", "wait", "leave"))
    b.branch(look)
    b.position_at_end(look)
    b.cbranch(emit.less(emit.integer(0), _read(emit, control, ACTIVE)), wait, leave)
    b.position_at_end(wait)
    _pause(emit)
    b.branch(look)
    b.position_at_end(leave)
    emit.end()


def _write_serve(module: Any) -> None:
    """`serve(control, seen)`: a thread's life until it must sleep.

    `seen` is the address of the last job that the thread saw. It says that it sleeps, and looks
    once more: a job that began in between is not missed, and whoever begins one later wakes it.
    """
    emit = Emitter(module, "serve", ("control", "seen"))
    b, (control, seen) = emit.builder, emit.arguments
    before = b.block
    look, work, idle, last = (b.append_basic_block(n) for n in ("look", "work", "idle", "last"))
    b.branch(look)
    b.position_at_end(look)
    turns = b.phi(INT)
    turns.add_incoming(emit.integer(0), before)
    turns.add_incoming(emit.integer(0), work)
    job = _read(emit, control, JOB)
    b.cbranch(b.icmp_signed("!=", job, emit.field(seen, 0)), work, idle)
    b.position_at_end(work)
    _take_part(emit, control, seen, job)
    b.branch(look)
    b.position_at_end(idle)
    _pause(emit)
    turns.add_incoming(emit.plus(turns, 1), idle)
    b.cbranch(emit.less(turns, emit.integer(_SPIN)), look, last)
    b.position_at_end(last)
    _add(emit, control, ASLEEP, 1)
    job = _read(emit, control, JOB)
    with b.if_then(b.icmp_signed("!=", job, emit.field(seen, 0))):
        _take_part(emit, control, seen, job)
    emit.end()


def _take_part(emit: Emitter, control: Value, seen: Value, job: Value) -> None:
    emit.builder.store(job, _typed(emit, seen))
    _add(emit, control, ACTIVE, 1)
    _drain(emit, control)
    _add(emit, control, ACTIVE, -1)


def _drain(emit: Emitter, control: Value) -> None:
    emit.call("drain", ir.VoidType(), [INT], [control])


def _typed(emit: Emitter, address: Value) -> Value:
    return emit.builder.inttoptr(address, INT.as_pointer())


def _add(emit: Emitter, control: Value, place: int, value: int) -> Value:
    pointer = _typed(emit, emit.plus(control, place))
    return emit.builder.atomic_rmw("add", pointer, emit.integer(value), "seq_cst")


def _swap(emit: Emitter, control: Value, place: int, value: Value) -> Value:
    pointer = _typed(emit, emit.plus(control, place))
    return emit.builder.atomic_rmw("xchg", pointer, value, "seq_cst")


def _read(emit: Emitter, control: Value, place: int) -> Value:
    pointer = _typed(emit, emit.plus(control, place))
    return emit.builder.load_atomic(pointer, "seq_cst", 8)


def _pause(emit: Emitter) -> None:
    """Tell the processor that a thread waits in a loop."""
    if "x86" in emit.builder.module.triple:
        emit.call("llvm.x86.sse2.pause", ir.VoidType(), [], [])
