"""The kinds of questions, one module each: `ask(draw, level)` makes one."""
