class EmbeddedError(Exception):
    """Something about the embedded servers is not as it must be; `way_out` is what the reader can do about it."""

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.message}\n  {self.way_out}"
