"""One packaged model, whatever kind it is: loading it, asking it, and the forms its data comes in.

What images of every kind share. Made of the standard library alone, so that nothing here can clash with what the model
needs. Whatever concerns the model comes in through the environment (:mod:`packager_model.settings`).
"""
