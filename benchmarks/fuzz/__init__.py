"""Thousands of wrong and hostile inputs, each made from a number so that it can be made again.

``python -m benchmarks.fuzz`` tries scenario files, files of own data, entries of the forum and
requests to its servers, and reports what was accepted, refused, broken or slow.
"""
