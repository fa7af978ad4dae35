"""Where results live for a while: rows in SQLite, pictures as files beside it.

`results.ResultStore` is the only thing that the edges use.
"""
