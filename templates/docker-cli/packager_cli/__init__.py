"""The command line around one packaged model: batches of rows in files, predictions in files.

ODAHU's commands, texts and exit codes. Made of the standard library alone, so that nothing here can clash with what the
model needs; Parquet takes pyarrow or pandas from the model's own environment. The model itself is
:mod:`packager_model`'s.
"""
