"""Keras's tests that are not about what convlab does, each with the reason."""

LEFT_OUT = {
    "conv_lstm_test.py::ConvLSTMCellTest::test_correctness": (
        "The cell alone is no public layer of Keras's, and convlab has none; "
        "ConvLSTMTest and the tests of ConvLSTM1D, 2D and 3D run its steps."
    ),
}
