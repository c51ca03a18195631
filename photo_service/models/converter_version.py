"""Number the converter, apart from it: who only loads networks need not import onnx and tflite."""

CONVERTER_VERSION = 3
"""Raised whenever the bytes written change: networks installed by another version are converted anew."""
