"""What there is to see and to say of one cell, as plain data: no matplotlib here."""
