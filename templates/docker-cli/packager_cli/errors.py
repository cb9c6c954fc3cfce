"""What goes wrong outside of the data and the model."""


class CommandError(Exception):
    """A file or directory cannot be used as asked; one sentence says what to do."""
